import { byId, chip, day, element, highlight, minute } from './dom.js';

/** Kinds in the order in which people ask for them; for each the title, the state and the facts of a card. */
const KINDS = {
  policy: {
    title: 'Policy',
    head: (fields) => fields.number,
    state: (fields) => fields.status,
    facts: (fields) => [
      ['Term', period(fields.effectiveDate, fields.expirationDate)],
      ['Premium', money(fields.termPremium, fields.currency)],
      ['Balance due', money(fields.balanceDue, fields.currency)],
      ['Paid to date', money(fields.paidToDate, fields.currency)],
      ['Past due since', fields.pastDueSince && day(fields.pastDueSince)],
      ['Last change', fields.lastChange],
    ],
  },
  party: {
    title: 'Policyholder',
    head: (fields) => fields.name,
    state: () => undefined,
    facts: (fields) => [
      ['E-mail', fields.email],
      ['Phone', fields.phone],
      ['Born', fields.birthDate && day(fields.birthDate)],
    ],
  },
  quote: {
    title: 'Quotes',
    head: (fields) => fields.name,
    state: (fields) => fields.state,
    facts: (fields) => [['Premium', money(fields.grossPremium, fields.currency)]],
  },
  policy_change: {
    title: 'Policy changes',
    head: (fields) => words([capital(fields.type), fields.name].filter(Boolean).join(' · ')),
    state: (fields) => fields.state,
    facts: (fields) => [
      ['Effective', fields.effectiveDate && day(fields.effectiveDate)],
      ['Premium', money(fields.premiumChange, fields.currency)],
    ],
  },
  invoice: {
    title: 'Invoices',
    head: (fields) => fields.number,
    state: (fields) => fields.status,
    facts: (fields) => [
      ['Total', money(fields.total, fields.currency)],
      ['Balance', money(fields.balance, fields.currency)],
      ['Due', fields.dueDate && day(fields.dueDate)],
    ],
  },
  payment: {
    title: 'Payments',
    head: (fields) => fields.number,
    state: (fields) => (fields.reversed ? 'reversed' : 'posted'),
    facts: (fields) => [
      ['Amount', money(fields.amount, fields.currency)],
      ['Posted', fields.postedAt && day(fields.postedAt)],
    ],
  },
  claim: {
    title: 'Claims',
    head: (fields) => fields.cause ?? 'Claim',
    state: (fields) => fields.status,
    facts: (fields) => [
      ['Loss', fields.lossDate && day(fields.lossDate)],
      ['Reserve', fields.reserve],
      ['What happened', fields.description],
    ],
  },
  claim_item: {
    title: 'Claim items',
    head: (fields) => capital(words(fields.coverage ?? 'item')),
    state: (fields) => fields.status,
    facts: (fields) => [
      ['Loss reserve', fields.lossReserve],
      ['Expense reserve', fields.expenseReserve],
    ],
  },
  premium_row: {
    title: 'Premium reports',
    head: (fields) => fields.number,
    state: (fields) => fields.state,
    facts: (fields) => [
      ['Period', period(fields.periodStart, fields.periodEnd)],
      ['Premium', fields.grossPremium],
    ],
  },
};

const groups = new Map();
const cards = new Map();
const sentences = new Map();

/** Where targets put what people call the thing by. */
const NAMES = [
  'name',
  'Name',
  'dealname',
  'subject',
  'Subject',
  'x_name',
  'payment_reference',
  'socotra_number',
  'lastname',
];
const MOST_FACTS = 8;

/** Any other target has fields of its own; they are shown as it calls them. */
const OTHER = {
  head: (fields) => NAMES.map((name) => fields[name]).find((name) => typeof name === 'string' && name !== ''),
  state: () => undefined,
  facts: (fields) =>
    Object.entries(fields)
      .filter(([, value]) => value !== '' && value !== false && typeof value !== 'object')
      .slice(0, MOST_FACTS)
      .map(([name, value]) => [
        name,
        String(value)
          .replaceAll(/(<[^>]*>)+/g, ' · ')
          .replaceAll(/^ · | · $/g, ''),
      ]),
};

let isCanonical = true;

/** The records by kind; a card changes in place and lights up when the target was written to. */
export function showRecords({ target, records, timeline, requests, activities }) {
  isCanonical = target === 'rest';
  byId('record-count').textContent = String(records.length + activities);
  byId('request-count').textContent = String(requests);
  for (const record of records) showCard(record);
  for (const [kind, group] of groups) {
    group.count.textContent = String(records.filter((record) => record.kind === kind).length);
  }
  showTimeline(timeline);
}

function showCard(record) {
  const known = cards.get(record.key);
  const state = JSON.stringify(record);
  if (known?.state === state) return;
  const card = known?.card ?? element('details', { class: 'card' });
  card.replaceChildren(summaryOf(record), detailsOf(record));
  if (known === undefined) groupOf(record.kind).body.append(card);
  cards.set(record.key, { card, state });
  highlight(card);
}

function summaryOf({ kind, fields }) {
  const shown = isCanonical ? KINDS[kind] : OTHER;
  const state = fields.op ?? shown?.state(fields);
  const facts = [...(shown?.facts(fields) ?? []), ...Object.entries(fields.custom ?? {})].filter(([, value]) => value);
  return element('summary', {}, [
    element('div', { class: 'main' }, [
      element('span', { class: 'name', text: String(shown?.head(fields) ?? kind) }),
      ...(state ? [chip(String(state))] : []),
    ]),
    element(
      'dl',
      {},
      facts.map(([name, value]) =>
        element('div', {}, [element('dt', { text: name }), element('dd', { text: String(value) })]),
      ),
    ),
  ]);
}

function detailsOf({ key, fields, history }) {
  const lines = [
    ['key', key],
    ...(history === '' ? [] : [['history', history]]),
    ...Object.entries(fields).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value]),
  ];
  return element(
    'dl',
    { class: 'all' },
    lines.map(([name, value]) =>
      element('div', {}, [element('dt', { text: name }), element('dd', { text: String(value) })]),
    ),
  );
}

function groupOf(kind) {
  const known = groups.get(kind);
  if (known !== undefined) return known;
  const count = element('span', { class: 'count' });
  const body = element('div', { class: 'cards' });
  const order = Object.keys(KINDS).indexOf(kind);
  const title = element('h3', { text: KINDS[kind]?.title ?? kind }, []);
  title.append(count);
  const group = { order, count, body, section: element('section', { class: 'group' }, [title, body]) };
  const later = [...groups.values()].filter((other) => other.order > order).sort((a, b) => a.order - b.order)[0];
  byId('records').insertBefore(group.section, later?.section ?? null);
  groups.set(kind, group);
  return group;
}

function showTimeline(timeline) {
  const list = byId('timeline');
  for (const { key, subject, occurredAt, type } of timeline) {
    if (sentences.get(key) === subject) continue;
    const known = list.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const item = known ?? element('li', { attributes: { 'data-key': key, 'data-at': occurredAt } });
    item.replaceChildren(
      element('p', { text: subject }),
      element('div', { class: 'quiet', text: [minute(occurredAt), type].filter(Boolean).join(' · ') }),
    );
    if (known === null) {
      const older = [...list.children].find((other) => other.dataset.at < occurredAt);
      list.insertBefore(item, older ?? null);
    }
    sentences.set(key, subject);
    highlight(item);
  }
}

function words(name) {
  return name.replaceAll('_', ' ');
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function money(amount, currency) {
  if (amount === undefined) return undefined;
  if (!currency) return amount;
  return new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(Number(amount));
}

function period(start, end) {
  return start && end ? `${day(start)} to ${day(end)}` : undefined;
}
