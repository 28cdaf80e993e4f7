import { addressOf, checkSalesforceSettings, clientOf } from './salesforce.settings.js';

const SECRET = 'hunter2-very-secret';
const GOOD = { 'api-url': 'https://acme.my.salesforce.com', 'client-id': 'id', 'client-secret': SECRET };
const FULL = (title: string) => `"${title}" must be a full https address without user name or password in it.`;
const MY_DOMAIN = expect.stringContaining('My Domain');

it.each([
  [GOOD, []],
  [{ ...GOOD, 'api-url': 'https://acme--test.sandbox.my.salesforce.com/' }, []],
  [{ ...GOOD, 'token-url': 'https://acme.my.salesforce.com/services/oauth2/token' }, []],
  [{ ...GOOD, 'api-url': 'http://127.0.0.1:4000' }, []],
  [{ ...GOOD, 'custom-1-field': 'policy.Agent_Code__c' }, []],
  [{ ...GOOD, 'custom-2-field': 'policy.Socotra_Key__c' }, [expect.stringMatching(/^"Target field of own field 2"/)]],
  [{ ...GOOD, 'api-url': 'acme.my.salesforce.com' }, [FULL('Address')]],
  [{ ...GOOD, 'api-url': `https://u:${SECRET}@acme.my.salesforce.com` }, [FULL('Address')]],
  [{ ...GOOD, 'token-url': 'ftp://x' }, [FULL('OAuth token address')]],
  [{ ...GOOD, 'api-url': 'https://login.salesforce.com' }, [MY_DOMAIN]],
  [{ ...GOOD, 'api-url': 'https://test.salesforce.com' }, [MY_DOMAIN]],
  [{ ...GOOD, 'api-url': 'https://acme.lightning.force.com/lightning/page/home' }, [MY_DOMAIN]],
  [{ ...GOOD, 'api-url': 'https://login.salesforce.com.acme.test' }, []],
])('%j', (settings, problems) => {
  const found = checkSalesforceSettings(settings);
  expect(found).toEqual(problems);
  expect(found.join()).not.toContain(SECRET);
});

it.each([
  ['https://acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
  ['https://acme.my.salesforce.com/', 'https://acme.my.salesforce.com'],
  ['https://acme.my.salesforce.com/home/home.jsp?x=1', 'https://acme.my.salesforce.com'],
  ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000'],
])('%s leads to %s', (text, address) => {
  expect(addressOf({ 'api-url': text })).toBe(address);
});

it('the token comes from the same domain, unless another address is set', () => {
  const client = { clientId: 'id', clientSecret: SECRET, assumedLifetimeS: 3_600 };
  expect(clientOf(GOOD)).toEqual({ ...client, tokenUrl: 'https://acme.my.salesforce.com/services/oauth2/token' });
  expect(clientOf({ ...GOOD, 'token-url': 'https://t.test/x' })).toEqual({ ...client, tokenUrl: 'https://t.test/x' });
  const pasted = { 'client-id': ' id', 'client-secret': `${SECRET}\n`, 'token-url': 'https://t.test/x ' };
  expect(clientOf({ ...GOOD, ...pasted })).toEqual({ ...client, tokenUrl: 'https://t.test/x' });
});
