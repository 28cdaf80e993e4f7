import { byId, chip, element, highlight, minute } from './dom.js';

const rows = new Map();

/** The events as they happened, newest on top; a row changes in place when its outcome becomes known. */
export function showEvents({ total, storyMs, events }) {
  byId('event-count').textContent = `${events.length} of ${total}`;
  if (events.length > 0) byId('story-date').textContent = minute(storyMs);
  const list = byId('events');
  for (const event of events) {
    const state = JSON.stringify(event);
    const known = rows.get(event.id);
    if (known?.state === state) continue;
    const row = known?.row ?? element('li');
    row.replaceChildren(...cells(event));
    if (known === undefined) list.prepend(row);
    rows.set(event.id, { row, state });
    highlight(row);
  }
}

function cells(event) {
  const notes = [
    event.lagMs === undefined ? '' : `after ${Math.round(event.lagMs)} ms`,
    event.reason.replaceAll('_', ' '),
    event.rings === 0 ? 'never rang' : '',
    event.retries > 0 ? `tried again ${times(event.retries)}` : '',
    event.rings > 1 ? `rang ${times(event.rings)}` : '',
  ].filter((note) => note !== '');
  return [
    element('div', { class: 'main' }, [element('span', { class: 'name', text: event.type }), chip(event.outcome)]),
    element('div', { class: 'quiet', text: [minute(event.atMs), ...notes].join(' · ') }),
  ];
}

function times(count) {
  return ['never', 'once', 'twice'][count] ?? `${count} times`;
}
