import { byId, element, eventItem, say } from './parts.js';
import { showPolicy } from './preview.js';

const ASK_EVERY_MS = 10_000;

/** In this page's memory only: neither in a cookie nor in the browser's storage nor in any address. */
let token = '';
let timer = 0;

/** Asks the app. @returns {Promise<{ ok: boolean, status: number, body: object }>} */
async function ask(path, body) {
  const headers = { 'x-console-token': token, ...(body && { 'content-type': 'application/json' }) };
  const response = await fetch(new URL(`console/api/${path}`, document.baseURI), {
    method: body ? 'POST' : 'GET',
    headers,
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    ...(body && { body: JSON.stringify(body) }),
  });
  return { ok: response.ok, status: response.status, body: await response.json() };
}

const NO_ANSWER = { ok: false, status: 0, body: { error: { message: 'The app does not answer: try again.' } } };

/** As {@link ask}; whatever goes wrong on the way is an answer too, and so is what a router says in place of the app. */
async function askSafely(path, body) {
  const answer = await ask(path, body).catch(() => NO_ANSWER);
  return answer.ok || answer.body?.error?.message ? answer : NO_ANSWER;
}

function signOut(sentence = '') {
  token = '';
  clearTimeout(timer);
  byId('token').value = '';
  byId('console').hidden = true;
  byId('sign-out').hidden = true;
  byId('sign-in').hidden = false;
  byId('policy').replaceChildren();
  say('look-up-problem', '');
  say('replay-answer', '');
  byId('about').textContent = '';
  say('refusal', sentence);
  byId('token').focus();
}

/** @returns whether the token still opens the console */
async function refresh() {
  clearTimeout(timer);
  const asked = await askSafely('status');
  if (token === '') return false;
  if (!asked.ok && asked.status !== 0 && asked.status !== 503) {
    signOut(asked.status === 404 ? 'There is no console any more.' : asked.body.error.message);
    return false;
  }
  if (asked.ok) showStatus(asked.body);
  else showTrouble(asked.body.error.message);
  timer = setTimeout(() => void refresh(), ASK_EVERY_MS);
  return asked.ok;
}

function showTrouble(message) {
  byId('state').className = 'panel state busy';
  byId('headline').textContent = message;
}

function showStatus(status) {
  const { tone, headline, details, target, profile, environment, waiting, dead, lag, events, deadLetters } = status;
  byId('about').textContent = target === undefined ? '' : `to ${target}, profile ${profile}, ${environment}`;
  byId('state').className = `panel state ${tone}`;
  byId('headline').textContent = headline;
  byId('details').replaceChildren(...details.map((text) => element('li', { text })));
  const facts = [
    ['Waiting', waiting],
    ['Dead letters', dead],
    ['Lag, typical', lag?.typical ?? 'nothing delivered lately'],
    ...(lag === undefined ? [] : [[`Slowest of the last ${lag.events}`, lag.slowest]]),
  ];
  byId('facts').replaceChildren(
    ...facts.map(([name, value]) =>
      element('div', {}, [element('dt', { text: name }), element('dd', { text: value })]),
    ),
  );
  byId('dead-count').textContent = dead;
  showDeadLetters(deadLetters);
  byId('events').replaceChildren(...itemsOf(events, 'Nothing has come lately.'));
}

function itemsOf(events, otherwise, actionsFor = () => []) {
  if (events.length === 0) return [element('li', { class: 'quiet', text: otherwise })];
  return events.map((event) => eventItem(event, actionsFor(event)));
}

function showDeadLetters(letters) {
  const replayable = letters.filter(({ replayable: may }) => may).map(({ number }) => number);
  const all = byId('replay-all');
  all.hidden = replayable.length < 2;
  all.textContent = `Try all ${replayable.length} again`;
  all.onclick = () => void replay(replayable);
  const button = ({ number, eventType }) => {
    const made = element('button', {
      text: 'Try again',
      attributes: { type: 'button', 'data-number': String(number) },
    });
    made.setAttribute('aria-label', `Try ${eventType} #${number} again`);
    made.addEventListener('click', () => void replay([number]));
    return made;
  };
  const items = itemsOf(letters, 'There are none.', (letter) => (letter.replayable ? [button(letter)] : []));
  const focused = document.activeElement?.getAttribute('data-number');
  byId('dead-letters').replaceChildren(...items);
  if (focused) byId('dead-letters').querySelector(`[data-number="${focused}"]`)?.focus({ preventScroll: true });
}

async function replay(events) {
  for (const button of document.querySelectorAll('#dead-letters button, #replay-all')) button.disabled = true;
  const { ok, body } = await askSafely('replay', { events });
  byId('replay-all').disabled = false;
  if (token === '') return;
  if (ok) {
    const left = events.length - body.replayed;
    const others = left === 0 ? '' : ` ${left} were no dead letters any more.`;
    say(
      'replay-answer',
      `${body.replayed === 1 ? '1 event waits' : `${body.replayed} events wait`} to be tried again.${others}`,
    );
  } else say('replay-answer', body.error.message);
  await refresh();
  // The pressed button is gone, and whoever works without a mouse would begin anew at the top.
  if (document.activeElement === document.body) byId('replay-answer').focus();
}

byId('sign-in').addEventListener('submit', async (submitted) => {
  submitted.preventDefault();
  token = byId('token').value.trim();
  // A header takes nothing else, and no token has it.
  if (!/^[\x21-\x7e]+$/.test(token)) return signOut('A token has letters, digits and signs, and no spaces.');
  const asked = await askSafely('status');
  if (!asked.ok) return signOut(asked.body.error.message);
  byId('token').value = '';
  say('refusal', '');
  byId('sign-in').hidden = true;
  byId('console').hidden = false;
  byId('sign-out').hidden = false;
  showStatus(asked.body);
  timer = setTimeout(() => void refresh(), ASK_EVERY_MS);
  byId('headline').focus();
});

byId('look-up').addEventListener('submit', async (submitted) => {
  submitted.preventDefault();
  const button = byId('look-up').querySelector('button');
  button.disabled = true;
  say('look-up-problem', '');
  byId('policy').replaceChildren(element('p', { class: 'quiet', text: 'Reading Socotra and the target …' }));
  const { ok, body } = await askSafely('policy', { locator: byId('locator').value.trim() });
  button.disabled = false;
  if (token === '') return;
  if (ok) showPolicy(body);
  else {
    byId('policy').replaceChildren();
    say('look-up-problem', body.error.message);
  }
});

byId('sign-out').addEventListener('click', () => signOut());
