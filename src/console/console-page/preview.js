import { byId, element, eventItem, say } from './parts.js';

const KINDS = {
  party: 'Policyholder',
  quote: 'Quote',
  policy: 'Policy',
  policy_change: 'Change',
  invoice: 'Invoice',
  payment: 'Payment',
  claim: 'Claim',
  claim_item: 'Claim item',
  premium_row: 'Premium report',
  activity: 'Timeline',
};

/** Shows a policy: what would be written, then its events. */
export function showPolicy({ locator, events, records = [], note = '', problem = '' }) {
  say('look-up-problem', problem);
  byId('policy').replaceChildren(
    ...(note === '' ? [] : [element('p', { class: 'note', text: note })]),
    ...records.map(recordCard),
    element('h3', { text: `Events of policy ${locator}` }),
    events.length === 0
      ? element('p', { class: 'quiet', text: 'No event of this policy is known here.' })
      : element(
          'ol',
          { class: 'events' },
          events.map((event) => eventItem(event)),
        ),
  );
}

const MARKS = { same: 'good', 'not kept there': 'quiet', 'not known': 'bad' };

function recordCard({ kind, key = '', mark, sentence, places }) {
  const summary = element('summary', {}, [
    element('span', { class: 'line' }, [
      element('b', { text: KINDS[kind] ?? kind }),
      element('span', { class: `chip ${MARKS[mark] ?? 'busy'}`, text: mark }),
      element('span', { class: 'quiet small', text: key }),
    ]),
    element('span', { class: 'sentence', text: sentence }),
  ]);
  const card = element('details', { class: 'card', attributes: { 'data-kind': kind } }, [
    summary,
    ...places.flatMap(placeTables),
  ]);
  card.open = mark === 'differs';
  return card;
}

/** What differs stands for itself; the rest is folded away. */
function placeTables({ place, isNew, fields }) {
  if (fields.length === 0) return [];
  const differing = fields.filter(({ differs }) => differs);
  const others = fields.filter(({ differs }) => !differs);
  const caption = isNew ? `${place}: not there yet` : place;
  if (differing.length === 0 || others.length === 0) return [fieldTable(caption, fields)];
  return [
    fieldTable(caption, differing),
    element('details', { class: 'same' }, [
      element('summary', {
        text: others.length === 1 ? '1 more field, the same' : `${others.length} more fields, the same`,
      }),
      fieldTable('', others),
    ]),
  ];
}

function fieldTable(caption, fields) {
  const isCompared = fields.some(({ held }) => held !== undefined);
  const titles = isCompared ? ['Field', 'There now', 'Would be written'] : ['Field', 'Would be written'];
  const rows = fields.map(({ field, wanted, held, differs }) =>
    element('tr', { class: differs && isCompared ? 'differs' : '' }, [
      element('th', { text: field, attributes: { scope: 'row' } }),
      ...(isCompared ? [cell('There now', held ?? '')] : []),
      cell('Would be written', wanted),
    ]),
  );
  return element('table', {}, [
    ...(caption === '' ? [] : [element('caption', { text: caption })]),
    element('thead', {}, [
      element(
        'tr',
        {},
        titles.map((text) => element('th', { text, attributes: { scope: 'col' } })),
      ),
    ]),
    element('tbody', {}, rows),
  ]);
}

/** @param {string} title shown beside the value where the table is too narrow for columns */
function cell(title, value) {
  const isEmpty = value === '';
  return element('td', {
    class: isEmpty ? 'quiet' : '',
    text: isEmpty ? 'empty' : value,
    attributes: { 'data-title': title },
  });
}
