/**
 * Makes an element. Text always goes through `textContent`, so nothing that an event or a target says becomes markup.
 *
 * @param {string} name
 * @param {{ class?: string, text?: string, attributes?: Record<string, string> }} [options]
 * @param {readonly Node[]} [children]
 */
export function element(name, options = {}, children = []) {
  const made = document.createElement(name);
  if (options.class) made.className = options.class;
  if (options.text !== undefined) made.textContent = options.text;
  for (const [attribute, value] of Object.entries(options.attributes ?? {})) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** The element with this id, which the page has. */
export function byId(id) {
  return document.getElementById(id);
}

/** Shows a sentence, or hides its place. */
export function say(id, sentence) {
  byId(id).textContent = sentence;
  byId(id).hidden = sentence === '';
}

const TONES = {
  good: ['delivered'],
  bad: ['dead'],
  quiet: ['skipped', 'purged'],
};

function toneOf(outcome) {
  return Object.entries(TONES).find(([, outcomes]) => outcomes.includes(outcome))?.[0] ?? 'busy';
}

const MINUTE = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** `21 May 2024, 08:30`, where the reader is. */
export function minute(instant) {
  return MINUTE.format(new Date(instant));
}

/** An event with its outcome in words. @param {readonly Node[]} [actions] */
export function eventItem(event, actions = []) {
  const when = event.endedAt ?? event.receivedAt;
  const next = event.retryAt === undefined ? [] : [element('p', { text: `Next try: ${minute(event.retryAt)}` })];
  const reason = event.reason === undefined ? [] : [element('p', { text: event.reason })];
  return element('li', {}, [
    element('div', { class: 'line' }, [
      element('b', { text: event.eventType }),
      element('span', { class: `chip ${toneOf(event.outcome)}`, text: event.outcome }),
      element('time', { class: 'quiet', text: minute(when), attributes: { datetime: when } }),
    ]),
    ...reason,
    ...next,
    element('p', {
      class: 'quiet small',
      text: [event.root, ...(event.code === undefined ? [] : [event.code]), `#${event.number}`].join(' · '),
    }),
    ...actions,
  ]);
}
