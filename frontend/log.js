// The log sheet: opens at once with what the page knows, tells while it is filled whether it counts, saves with or
// without signal. Every field works without this file too.
import { clear, keepFiles, photos, startFiles } from './files.js';
import { post, put, filled } from './outbox.js';
import { logged, moved } from './rings.js';
import { toast } from './toasts.js';
import { verdict } from './verdict.js';
import { afterLog } from './install.js';

const DAY = 86_400_000;
let data;
let form;
let opened = 0;
let chosen = null;
let asking = 0;
let pending = null;

export const field = (name) => form.elements[name];
export const part = (name) => form.querySelector(`[data-log-${name}]`);
const say = (name) => data.words[name] ?? name;

const iso = (when) => `${when.getFullYear()}-${String(when.getMonth() + 1).padStart(2, '0')}-${String(when.getDate()).padStart(2, '0')}`;

// The company's day. A page kept on the phone may be days old: its age is added to the day it was made on.
function today() {
  const [year, month, day] = data.today.split('-').map(Number);
  const made = new Date(data.clock);
  const passed = Math.round((new Date().setHours(0, 0, 0, 0) - made.setHours(0, 0, 0, 0)) / DAY);
  return new Date(year, month - 1, day + Math.max(0, passed));
}

function dayOf(chip) {
  const base = today();
  const ahead = chip === 'monday' ? 7 - ((base.getDay() + 6) % 7) : Number(chip);
  return iso(new Date(base.getFullYear(), base.getMonth(), base.getDate() + ahead));
}

export function option(text, under, does) {
  const item = document.createElement('li');
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  if (under) {
    const small = document.createElement('span');
    small.className = 'under';
    small.textContent = under;
    made.append(small);
  }
  made.addEventListener('click', does);
  item.append(made);
  return item;
}

export function choose(customer, start = {}) {
  chosen = customer;
  field('customer').value = customer?.id ?? '';
  field('lead').value = start.lead ?? '';
  const name = customer?.name ?? start.leadName ?? start.newName ?? '';
  field('customer_name').value = customer || start.lead ? '' : (start.newName ?? '');
  part('name').textContent = name;
  part('under').textContent = customer?.under ?? '';
  part('chosen').hidden = !name;
  part('pick').hidden = Boolean(name);
  people(customer, start);
  const deals = customer?.deals ?? [];
  const select = part('deal');
  const wanted = String(start.deal ?? (deals.length === 1 ? deals[0].id : ''));
  select.replaceChildren(new Option('—', ''));
  for (const deal of deals) select.append(new Option(deal.name, deal.id));
  if (start.deal && !deals.some((deal) => String(deal.id) === wanted)) select.append(new Option(start.dealName ?? name, start.deal));
  select.value = wanted;
  part('deals').hidden = select.options.length < 2;
  form.dispatchEvent(new CustomEvent('pace:chosen'));
  live();
}

function people(customer, start) {
  const box = part('people');
  box.replaceChildren();
  const list = customer?.contacts ?? [];
  for (const [place, contact] of list.slice(0, 8).entries()) {
    const label = document.createElement('label');
    const radio = document.createElement('input');
    Object.assign(radio, { type: 'radio', name: 'contact', value: contact.id, checked: place === 0 });
    const text = document.createElement('span');
    text.textContent = contact.role ? `${contact.name} · ${contact.role}` : contact.name;
    label.append(radio, text);
    box.append(label);
  }
  field('contact_name').value = list.length ? '' : (start.leadContact ?? '');
  part('contacts').hidden = !(customer || start.lead || start.newName);
}

function suggest() {
  const text = field('customer_name').value.trim();
  const low = text.toLowerCase();
  const list = part('found');
  const known = data.customers.filter((one) => !low || one.name.toLowerCase().includes(low)).slice(0, text ? 6 : 3);
  const lines = (found) => found.map((one) => option(one.name, one.under, () => choose(one)));
  const fresh = text && !known.some((one) => one.name === text)
    ? [option(say('new_customer').replace('{name}', text), '', () => choose(null, { newName: text }))] : [];
  list.replaceChildren(...lines(known), ...fresh);
  clearTimeout(asking);
  if (!text || (known.length && !data.more)) return;
  asking = setTimeout(async () => {
    try {
      const answer = await fetch(`${data.find}?q=${encodeURIComponent(text)}`, { redirect: 'manual' });
      if (!answer.ok || field('customer_name').value.trim() !== text) return;
      const more = (await answer.json()).customers.filter((one) => !known.some((old) => old.id === one.id));
      list.replaceChildren(...lines([...known, ...more].slice(0, 8)), ...fresh);
    } catch {
      // without signal only what the page knows can be found
    }
  }, 250);
}

export const kind = () => data.kinds.find((one) => one.key === form.querySelector('[name="kind"]:checked')?.value);

function visit() {
  const on = field('on').value || iso(today());
  return {
    contact: Boolean(form.querySelector('[name="contact"]:checked') || field('contact_name').value.trim()),
    result: form.querySelector('[name="result"]:checked')?.value ?? '',
    nextStep: field('next_step').value.trim(),
    nextOn: field('next_on').value,
    minutes: field('minutes').value.trim() === '' ? null : Number(field('minutes').value),
    placed: Boolean(field('lat').value),
    on,
    daysBack: Math.round((today() - new Date(`${on}T00:00:00`)) / DAY),
  };
}

// Each condition of today's rule; what only the server can know is left to it.
function asked(failed) {
  const names = data.rule.asks.filter((name) => !['entry_window', 'duplicate'].includes(name));
  part('asks').textContent = names.map((name) => `${failed.includes(name) ? '✗' : '✓'} ${say(name)}`).join(' · ');
}

export function live() {
  const line = part('live');
  const about = kind();
  line.className = 'log-live';
  part('minutes').hidden = true;
  part('along').hidden = !about?.visit || part('companion').options.length < 2;
  if (!about?.visit) {
    line.textContent = say('not_visit');
    part('asks').textContent = '';
    return;
  }
  part('minutes').hidden = !data.rule.asks.includes('minutes');
  const told = verdict(data.rule, visit());
  if (about.asks.includes('photo') && !photos()) {
    told.failed = [...told.failed, 'photo'];
    if (told.state === 'valid') told.state = 'unverified';
  }
  asked(told.failed);
  const lacks = told.failed.map((name) => say(name)).join('、');
  line.classList.add(told.state === 'valid' ? 'good' : 'watch');
  line.textContent = told.state === 'valid' ? `✓ ${say('counts')}` : `${say(told.state === 'unverified' ? 'unverified' : 'not_counts')} ${lacks}`;
}

function fresh() {
  form.reset();
  field('key').value = crypto.randomUUID().replaceAll('-', '');
  for (const name of ['plan', 'customer', 'lead', 'lat', 'lon', 'metres', 'ask_manager', 'channel']) field(name).value = '';
  field('twin').value = 'ask';
  faults([]);
  form.querySelector('.log-more').open = false;
  clear();
  opened = Date.now();
  pending = null;
}

function open(start) {
  fresh();
  if (start.plan) field('plan').value = start.plan;
  const wanted = start.kind && form.querySelector(`[name="kind"][value="${CSS.escape(start.kind)}"]`);
  if (wanted) wanted.checked = true;
  const known = typeof start.customer === 'object' ? start.customer : data.customers.find((one) => one.id === start.customer);
  if (start.customer && !known) choose({ id: start.customer, name: start.name ?? '', contacts: [], deals: [], thin: true, start }, start);
  else if (known || start.lead) choose(known ?? null, start);
  else {
    choose(null, {});
    suggest();
  }
  const box = document.getElementById('log-dialog');
  if (box && !box.open) box.showModal();
  if (!start.customer && !start.lead) field('customer_name').focus({ preventScroll: true });
  live();
  if (start.say) form.dispatchEvent(new CustomEvent('pace:say', { detail: start.say }));
}

function faults(list, code = '') {
  const box = part('faults');
  const choices = part('choices');
  choices.replaceChildren();
  box.querySelectorAll('p').forEach((line) => line.remove());
  for (const fault of list) {
    const line = document.createElement('p');
    line.textContent = fault.text;
    choices.before(line);
  }
  const choice = (text, name, value) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'btn btn-s';
    made.textContent = text;
    made.addEventListener('click', () => {
      field(name).value = value;
      save();
    });
    choices.append(made);
  };
  if (code === 'twin') {
    choice(say('merge'), 'twin', 'merge');
    choice(say('again'), 'twin', 'add');
  }
  if (code === 'backdated') choice(say('ask_manager'), 'ask_manager', '1');
  box.hidden = !list.length;
  if (list.length) box.scrollIntoView({ block: 'nearest' });
}

function missing() {
  if (!field('customer').value && !field('lead').value && !field('customer_name').value.trim() && !field('deal').value && !field('plan').value) return say('need_customer');
  if (field('next_time').value && !field('next_on').value) return say('need_day');
  const asks = kind()?.asks ?? [];
  if (asks.includes('note') && !field('note').value.trim()) return say('need_note');
  if (asks.includes('place') && !field('lat').value) return say('need_place');
  return '';
}

function body() {
  const sent = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value !== '' && !['step_chip', 'date_chip', 'minutes_chip', 'csrfmiddlewaretoken'].includes(name)) sent.append(name, value);
  }
  // The same content is sent again exactly as it was: the server takes the same number with another body for a fault.
  const said = String(sent);
  if (pending?.said !== said) {
    sent.set('seconds', String(Math.round((Date.now() - opened) / 1000)));
    sent.set('made_at', new Date().toISOString());
    pending = { said, whole: String(sent) };
  }
  return new URLSearchParams(pending.whole);
}

let saving = false;

async function save() {
  if (saving) return;
  const lacks = missing();
  if (lacks) {
    faults([{ text: lacks }]);
    return;
  }
  saving = true;
  part('save').setAttribute('aria-busy', 'true');
  const sent = body();
  const label = part('name').textContent;
  const result = navigator.onLine === false ? { kind: 'offline' } : await post(data.url, sent);
  saving = false;
  part('save').removeAttribute('aria-busy');
  if (result.kind === 'refused') {
    faults(result.data.faults, result.data.code);
    return;
  }
  if (result.kind === 'broken') {
    faults([{ text: say('broken') }]);
    return;
  }
  if (result.kind === 'offline' || result.kind === 'signed_out') {
    if (!storable()) {
      faults([{ text: say('no_offline') }]);
      return;
    }
    put({ key: sent.get('key'), body: String(sent), label, made: Date.now() });
    keepFiles(sent.get('key'));
    toast(filled(result.kind === 'offline' ? 'outbox_saved' : 'outbox_signed_out', { n: 1 }), { seconds: 8 });
    done();
    return;
  }
  const kept = keepFiles(sent.get('key'), result.data.id);
  logged(result.data);
  done();
  afterLog();
  // a report is written on its own page; what was picked for it is safe on the phone first
  if (result.data.open) {
    await kept;
    location.assign(result.data.open);
  }
}

// Private windows and full phones refuse to keep anything: better to say so than to lose it.
function storable() {
  try {
    localStorage.setItem('pace-try', '1');
    localStorage.removeItem('pace-try');
    return true;
  } catch {
    return false;
  }
}

function done() {
  const box = document.getElementById('log-dialog');
  if (box?.open) box.close();
  fresh();
  choose(null, {});
  suggest();
}

export function stood(coords) {
  field('lat').value = Math.round(coords.latitude * 1e6);
  field('lon').value = Math.round(coords.longitude * 1e6);
  field('metres').value = Math.round(coords.accuracy);
  part('place').querySelector('span').textContent = say('place_on');
  live();
}

function locate(button) {
  if (!navigator.geolocation) {
    button.querySelector('span').textContent = say('place_off');
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => stood(coords),
    () => {
      button.querySelector('span').textContent = say('place_off');
    },
    { timeout: 8_000, maximumAge: 60_000 },
  );
}

// Who can have been along: for visits only, when there is anybody to name.
function along(colleagues = []) {
  part('companion').replaceChildren(new Option('—', ''), ...colleagues.map((one) => new Option(one.name, one.id)));
  part('along').hidden = !colleagues.length || !kind()?.visit;
}

// The customers come beside the page, so that the page is there at once; the service worker keeps them too.
async function learn() {
  try {
    const answer = await fetch(data.known, { redirect: 'manual' });
    if (!answer.ok) return;
    const told = await answer.json();
    data.customers = told.customers;
    data.more = told.more;
    along(told.colleagues);
  } catch {
    return;
  }
  const wanted = Number(field('customer').value);
  const full = data.customers.find((one) => one.id === wanted);
  if (full && chosen?.thin) choose(full, chosen.start);
  else if (!part('pick').hidden) suggest();
}

export function startLog() {
  form = document.querySelector('form[data-log]');
  const source = document.getElementById('log-data');
  document.addEventListener('pace:logged', (event) => moved(event.detail));
  if (!form || !source) return;
  data = JSON.parse(source.textContent);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    save();
  }, true);
  form.addEventListener('input', (event) => {
    if (event.target.name === 'customer_name') suggest();
    live();
  });
  form.addEventListener('change', (event) => {
    const { name, value } = event.target;
    if (name === 'step_chip') field('next_step').value = value;
    if (name === 'minutes_chip') field('minutes').value = value;
    if (name === 'date_chip') field('next_on').value = dayOf(value);
    live();
  });
  part('change').addEventListener('click', () => {
    field('plan').value = '';
    choose(null, {});
    suggest();
    field('customer_name').focus();
  });
  startFiles(form, live);
  learn();
  part('place').addEventListener('click', (event) => locate(event.currentTarget));
  document.addEventListener('click', (event) => {
    const opener = event.target.closest('[data-log-open]');
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey || !document.getElementById('log-dialog')) return;
    event.preventDefault();
    open(JSON.parse(opener.dataset.logOpen || '{}'));
  });
  if (document.querySelector('[data-log-page]') && part('faults').hidden) {
    const start = JSON.parse(document.getElementById('log-start').textContent);
    open({ ...start, deal: start.deal?.id, dealName: start.deal?.name, lead: start.lead?.id, leadName: start.lead?.name, leadContact: start.lead?.contact });
  }
}
