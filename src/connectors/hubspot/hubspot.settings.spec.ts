import { checkHubspotSettings } from './hubspot.settings.js';

const TOKEN = 'pat-na1-0123';

it.each<[Readonly<Record<string, string>>, number]>([
  [{ 'api-token': TOKEN }, 0],
  [{ 'api-token': ` ${TOKEN}\n` }, 0],
  [{ 'api-token': TOKEN, 'api-url': 'https://api.hubapi.com' }, 0],
  [{ 'api-token': TOKEN, 'api-url': 'http://127.0.0.1:9' }, 0],
  [{ 'api-token': TOKEN, 'custom-1-field': 'party.loyalty_number', 'custom-2-field': 'nonsense' }, 0],
  [{ 'api-token': TOKEN, 'custom-1-field': 'party.socotra_key', 'custom-2-field': ' quote.dealstage' }, 2],
  [{ 'api-token': 'pat\nna1' }, 1],
  [{ 'api-token': 'schlüssel' }, 1],
  [{ 'api-token': TOKEN, 'api-url': 'api.hubapi.com' }, 1],
  [{ 'api-token': TOKEN, 'api-url': 'https://me:secret@api.hubapi.com' }, 1],
  [{ 'api-token': '\u0007', 'api-url': 'x' }, 2],
])('%j has %i problems', (settings, count) => {
  const problems = checkHubspotSettings(settings);
  expect(problems).toHaveLength(count);
  expect(problems.join()).not.toMatch(/pat-na1|secret|schl/);
});
