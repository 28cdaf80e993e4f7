import { byId, element } from './dom.js';

let shownForm = '';

/** The settings form as the manifest declares it: what is filled in first, the rest folded away. */
export function showSettings(form) {
  const current = JSON.stringify(form);
  // What somebody is typing must not be replaced by what the server knows.
  if (current === shownForm || byId('settings').contains(document.activeElement)) return;
  shownForm = current;
  const [filled, empty] = [form.filter((field) => field.isSet), form.filter((field) => !field.isSet)];
  byId('settings-fields').replaceChildren(
    element('div', { class: 'fields' }, filled.map(fieldOf)),
    element('details', { class: 'more' }, [
      element('summary', { text: `${empty.length} more settings, not set` }),
      element('div', { class: 'fields' }, empty.map(fieldOf)),
    ]),
  );
}

function fieldOf(field) {
  const secret = field.type === 'Password';
  const control = field.type === 'Select' ? selectOf(field) : inputOf(field, secret);
  const label = element('label', {}, [
    element('span', { class: 'label', text: field.title + (field.required ? ' *' : '') }),
    control,
  ]);
  if (field.hint) label.append(element('span', { class: 'quiet', text: field.hint }));
  return label;
}

function inputOf({ name, value, isSet }, secret) {
  const placeholder = secret && isSet ? '(set)' : '';
  return element('input', {
    attributes: {
      name,
      value,
      placeholder,
      type: secret ? 'password' : 'text',
      autocomplete: 'off',
      spellcheck: 'false',
    },
  });
}

function selectOf({ name, value, values }) {
  const options = [{ text: '', value: '' }, ...values].map((option) =>
    element('option', {
      text: option.text,
      attributes: { value: option.value, ...(option.value === value ? { selected: '' } : {}) },
    }),
  );
  return element('select', { attributes: { name } }, options);
}

async function saveSettings() {
  const [save, status] = [byId('settings-save'), byId('settings-status')];
  save.disabled = true;
  status.className = 'quiet';
  status.textContent = 'Stop, then Start with the new settings …';
  try {
    const response = await fetch('/settings', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(new FormData(byId('settings')))),
    });
    const { state, message } = await response.json();
    status.className = state === 'Running' ? 'quiet' : 'refused';
    status.textContent = state === 'Running' ? 'Saved; the instance is running.' : message;
  } catch {
    status.className = 'refused';
    status.textContent = 'The local Marketplace does not answer any more.';
  }
  save.disabled = false;
}

byId('settings').addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  void saveSettings();
});
