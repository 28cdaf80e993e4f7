import { byId, chip, element } from './dom.js';
import { showEvents } from './events.js';
import { showRecords } from './records.js';
import { showSettings } from './settings.js';

const STEPS = ['Pending', 'Starting', 'Registering', 'Running'];
const LINES_SHOWN = 120;

let lastLine = 0;

function showInstance({ app, route, state, message, healthy, webhookEvents, form }) {
  byId('app').textContent = `${app} at ${route}, ${webhookEvents} event types`;
  byId('console').href = `${route}/console`;
  for (const id of ['console', 'console-hint']) byId(id).hidden = state !== 'Running';
  const reached = STEPS.indexOf(state);
  const steps = STEPS.map((step, index) =>
    element('li', {
      text: step,
      class: index < reached ? 'done' : index === reached ? 'now' : '',
      attributes: index === reached ? { 'aria-current': 'step' } : {},
    }),
  );
  const other = reached === -1 ? [element('li', { class: state === 'Error' ? 'failed' : 'now', text: state })] : [];
  const health =
    state === 'Running' ? [element('li', { class: 'health' }, [chip(healthy ? 'healthy' : 'not healthy')])] : [];
  byId('steps').replaceChildren(...steps, ...other, ...health);
  const sentence = byId('message');
  sentence.textContent = message;
  sentence.hidden = message === '';
  showSettings(form);
}

function showLog(lines) {
  const list = byId('log');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  for (const { sequence, level, event, fields } of lines.filter((line) => line.sequence > lastLine)) {
    lastLine = sequence;
    const rest = Object.entries(fields).filter(([name]) => !['time', 'level', 'event'].includes(name));
    const words = rest.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
    list.append(
      element('li', { class: level }, [
        element('span', {
          class: 'quiet',
          text: String(fields.time ?? '')
            .slice(0, 19)
            .replace('T', ' '),
        }),
        element('b', { text: event || level }),
        element('span', { text: words.join(' ') }),
      ]),
    );
  }
  while (list.children.length > LINES_SHOWN) list.firstElementChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}

const SHOW = { instance: showInstance, events: showEvents, records: showRecords, log: showLog };

const live = new EventSource('/live');
for (const [section, show] of Object.entries(SHOW)) {
  live.addEventListener(section, (message) => show(JSON.parse(message.data)));
}
live.addEventListener('error', () => {
  byId('message').textContent = 'The local Marketplace has ended or does not answer; this is the last that it said.';
  byId('message').hidden = false;
});
