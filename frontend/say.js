// One line, 「拜访 海川机械 王总 有意向 下周二报价」, filled into the sheet for a look before it is saved. What the server did
// not understand is in the note; what the line did not say stays empty.
import { choose, field, live, part } from './log.js';
import { post } from './outbox.js';

let box;
let asked = 0;
let named = null;

const mine = (name) => box.querySelector(`[data-log-${name}]`);

const line = (text, name = 'p') => {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
};

function tick(name, value) {
  const wanted = String(value ?? '');
  document.querySelectorAll(`form[data-log] [name="${name}"]`).forEach((radio) => {
    radio.checked = radio.value === wanted;
  });
}

// The sheet offers the contact met last; a line that names somebody else, or nobody, is not overruled by that.
function met() {
  if (!named) return;
  tick('contact', named.contact);
  field('contact_name').value = named.contact ? '' : named.contact_name;
  if (named.contact_name) part('contacts').hidden = false;
}

function who(customer, fields) {
  named = fields;
  if (customer) choose(customer);
  else met();
  live();
}

function fill(told) {
  const { fields } = told;
  if (fields.kind) tick('kind', fields.kind);
  tick('result', fields.result);
  for (const name of ['step_chip', 'date_chip', 'minutes_chip']) tick(name, '');
  for (const name of ['next_step', 'next_on', 'next_time', 'minutes', 'amount_minor', 'on', 'note']) field(name).value = fields[name] ?? '';
  field('channel').value = 'text';
  document.querySelector('.log-more').open = Boolean(fields.minutes || fields.amount_minor || fields.on || fields.note);
  who(told.customer, fields);
}

function heard(told) {
  const list = document.createElement('dl');
  for (const one of told.lines) {
    const value = line(one.value, 'dd');
    if (one.said && one.said !== one.value) value.append(line(` ← ${one.said}`, 'small'));
    list.append(line(one.name, 'dt'), value);
  }
  const shown = [list];
  if (told.candidates.length) {
    const choices = document.createElement('div');
    choices.className = 'choices';
    for (const one of told.candidates) {
      const made = line(one.name, 'button');
      made.type = 'button';
      made.className = 'btn btn-s';
      made.addEventListener('click', () => {
        who(one, told.fields);
        choices.remove();
        question.remove();
      });
      choices.append(made);
    }
    const question = line(box.dataset.which);
    shown.push(question, choices);
  }
  if (told.missing) shown.push(line(told.missing));
  mine('heard').replaceChildren(...shown);
}

async function hear() {
  const text = mine('said').value.trim();
  if (!text) return;
  const turn = ++asked;
  mine('hear').setAttribute('aria-busy', 'true');
  const result = navigator.onLine === false ? { kind: 'offline' } : await post(box.dataset.url, new URLSearchParams({ text }));
  mine('hear').removeAttribute('aria-busy');
  if (turn !== asked) return;
  if (result.kind !== 'done') {
    mine('heard').replaceChildren(line(result.kind === 'offline' ? box.dataset.offline : box.dataset.broken));
    return;
  }
  heard(result.data);
  fill(result.data);
}

export function startSay() {
  box = document.querySelector('[data-log-say]');
  if (!box) return;
  const form = box.closest('form');
  box.hidden = false;
  mine('hear').addEventListener('click', hear);
  mine('said').addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    hear();
  });
  form.addEventListener('reset', () => {
    asked += 1;
    named = null;
    mine('heard').replaceChildren();
  });
  form.addEventListener('pace:chosen', met);
  form.addEventListener('pace:say', (event) => {
    mine('said').value = event.detail;
    hear();
  });
}
