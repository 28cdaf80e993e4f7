/**
 * Makes an element. Text always goes through `textContent`, so nothing that an event or a record says becomes markup.
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

/** Lights an element up for a moment, because it has just changed. */
export function highlight(target) {
  target.classList.remove('fresh');
  // Reading the layout lets the animation begin anew.
  void target.offsetWidth;
  target.classList.add('fresh');
}

/** A word in a coloured pill; the colour says whether it is good, bad or on its way. */
export function chip(word) {
  return element('span', { class: `chip ${toneOf(word)}`, text: word.replaceAll('_', ' ') });
}

const TONES = {
  good: ['healthy', 'delivered', 'issued', 'in_force', 'reinstated', 'accepted', 'paid', 'settled', 'posted'],
  bad: [
    'not healthy',
    'dead_lettered',
    'lost',
    'timed out',
    'cancelled',
    'lapsed',
    'expired',
    'past_due',
    'declined',
    'reversed',
    'void',
    'discarded',
    'invalidated',
  ],
  busy: ['waiting', 'open', 'quoted', 'draft', 'pending', 'application', 'in_grace_period', 'quote'],
};

function toneOf(word) {
  return Object.entries(TONES).find(([, words]) => words.includes(word))?.[0] ?? 'plain';
}

/** The tenant's own time zone, in which its days begin and its sentences are written. */
const TENANT_ZONE = 'America/Los_Angeles';
const DATE = { day: 'numeric', month: 'short', year: 'numeric' };
const LOCAL_DAY = new Intl.DateTimeFormat('en-GB', { ...DATE, timeZone: 'UTC' });
const DAY = new Intl.DateTimeFormat('en-GB', { ...DATE, timeZone: TENANT_ZONE });
const MINUTE = new Intl.DateTimeFormat('en-GB', {
  ...DATE,
  hour: '2-digit',
  minute: '2-digit',
  timeZone: TENANT_ZONE,
});

/** `21 May 2024`, where the tenant is; a value that is a local day already (`2024-05-21`) stays that day. */
export function day(value) {
  return (/^\d{4}-\d\d-\d\d$/.test(value) ? LOCAL_DAY : DAY).format(new Date(value));
}

/** `21 May 2024, 08:30`, where the tenant is. */
export function minute(value) {
  return MINUTE.format(new Date(value));
}
