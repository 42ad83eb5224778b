// The outbox: what was saved without signal waits on the phone, under the person who wrote it, until the server has
// it. Each entry carries the sheet's own number, so that sending it twice (two tabs, a lost answer) logs it once.
import { toast } from './toasts.js';
import { word } from './words.js';

const STORE = 'pace-outbox';
const LIMIT = 12_000;
const person = () => Number(document.body.dataset.person || 0);
let token = null;

export const filled = (key, values) => word(key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

export function entries() {
  try {
    return JSON.parse(localStorage.getItem(STORE) || '[]');
  } catch {
    return [];
  }
}

function keep(list) {
  localStorage.setItem(STORE, JSON.stringify(list));
  show();
}

// Changing one entry reads the store again: another tab may have changed it meanwhile.
function change(key, how) {
  keep(entries().flatMap((entry) => (entry.key === key ? how(entry) : [entry])));
}

export const mine = () => entries().filter((entry) => entry.person === person());

export function put(entry) {
  const others = entries().filter((old) => old.key !== entry.key);
  keep([...others, { ...entry, person: person(), tries: 0 }]);
}

export const drop = (key) => change(key, () => []);

const csrf = () => token ?? JSON.parse(document.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'] ?? '';

// One attempt. {kind: done | refused | signed_out | offline | broken, data}
export async function post(url, body, { again = true, late = false, limit = LIMIT } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limit);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      credentials: 'same-origin',
      signal: stop.signal,
      headers: { Accept: 'application/json', 'X-CSRFToken': csrf(), ...(late ? { 'X-Pace-Outbox': '1' } : {}) },
    });
    if (answer.type === 'opaqueredirect' || answer.status === 401) return { kind: 'signed_out' };
    if (answer.status === 403 && again && (await renew())) return post(url, body, { again: false, late, limit });
    if (answer.status === 403) return { kind: 'signed_out' };
    const text = await answer.text();
    if (answer.ok) return { kind: 'done', data: text ? JSON.parse(text) : {} };
    if (answer.status === 422) return { kind: 'refused', data: JSON.parse(text) };
    if (answer.status === 404) return { kind: 'refused', data: { code: 'gone', faults: [{ field: '', text: word('gone') }] } };
    return { kind: 'broken', status: answer.status };
  } catch {
    return { kind: 'offline' };
  } finally {
    clearTimeout(timer);
  }
}

// After a new sign-in the page's old form token is worthless: ask for one, and make sure it is the same person's.
async function renew() {
  try {
    const answer = await fetch('/log/token/', { redirect: 'manual', credentials: 'same-origin' });
    if (!answer.ok) return false;
    const told = await answer.json();
    if (told.person !== person()) return false;
    token = told.token;
    return true;
  } catch {
    return false;
  }
}

let busy = false;

export async function flush({ loud = false } = {}) {
  if (busy || !mine().length) return 0;
  busy = true;
  let sent = 0;
  try {
    for (const { key } of mine()) {
      const entry = entries().find((one) => one.key === key);
      if (!entry || (entry.wrong && !loud)) continue;
      const body = new URLSearchParams(entry.body);
      const result = await post('/log/', body, { late: true });
      if (result.kind === 'done') {
        sent += 1;
        drop(key);
        document.dispatchEvent(new CustomEvent('pace:logged', { detail: { ...result.data, key } }));
      } else if (result.kind === 'refused') {
        change(key, (old) => [{ ...old, wrong: result.data }]);
      } else {
        if (result.kind === 'signed_out') toast(filled('outbox_signed_out', { n: mine().length }), { seconds: 10 });
        change(key, (old) => [{ ...old, tries: old.tries + 1 }]);
        break;
      }
    }
  } finally {
    busy = false;
  }
  if (sent) toast(filled('outbox_sent', { n: sent }));
  if (mine().some((entry) => entry.wrong)) toast(filled('outbox_wrong', { n: mine().filter((e) => e.wrong).length }), { seconds: 8 });
  show();
  return sent;
}

function show() {
  const n = mine().length;
  for (const badge of document.querySelectorAll('[data-outbox]')) {
    badge.hidden = !n;
    badge.querySelector('[data-outbox-n]').textContent = String(n);
    badge.setAttribute('aria-label', filled('outbox_waiting', { n }));
  }
  const box = document.getElementById('outbox');
  if (box?.open) draw(box);
}

function button(text, does, look = 'btn btn-s') {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = look;
  made.textContent = text;
  made.addEventListener('click', does);
  return made;
}

// What waits, in words, with what can be done about it. Nothing is thrown away without being asked for.
function draw(box) {
  const list = box.querySelector('[data-outbox-list]');
  list.replaceChildren();
  for (const entry of mine()) {
    const line = document.createElement('li');
    const says = document.createElement('p');
    says.textContent = `${entry.label} · ${new Date(entry.made).toLocaleString(document.documentElement.lang)}`;
    line.append(says);
    const row = document.createElement('div');
    row.className = 'choices';
    if (entry.wrong) {
      const why = document.createElement('p');
      why.className = 'late';
      why.textContent = entry.wrong.faults.map((fault) => fault.text).join(' ');
      line.append(why);
      const retry = (name, value) => () => {
        const body = new URLSearchParams(entry.body);
        body.set(name, value);
        change(entry.key, (old) => [{ ...old, body: String(body), wrong: null }]);
        flush();
      };
      if (entry.wrong.code === 'twin') {
        row.append(button(word('outbox_merge'), retry('twin', 'merge')), button(word('outbox_again'), retry('twin', 'add')));
      }
      if (entry.wrong.code === 'backdated') row.append(button(word('outbox_manager'), retry('ask_manager', '1')));
    }
    row.append(
      button(word('outbox_retry'), () => flush({ loud: true })),
      button(word('outbox_copy'), async () => {
        await navigator.clipboard?.writeText(`${entry.label}\n${decodeURIComponent(entry.body.replaceAll('+', ' '))}`);
        toast(word('outbox_copied'));
      }),
      button(word('outbox_drop'), () => drop(entry.key)),
    );
    line.append(row);
    list.append(line);
  }
  if (!mine().length) box.close();
}

export function startOutbox() {
  if (!person()) return;
  show();
  const later = () => setTimeout(() => flush(), 300);
  window.addEventListener('online', later);
  window.addEventListener('storage', (event) => event.key === STORE && show());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && later());
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-outbox]')) return;
    const box = document.getElementById('outbox');
    draw(box);
    if (mine().length) box.showModal();
  });
  // Signing out would leave what waits without its owner: it is held until the outbox is empty.
  document.addEventListener('submit', (event) => {
    if (!event.target.action?.includes('/accounts/logout/') || !mine().length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    toast(filled('outbox_hold', { n: mine().length }), { seconds: 8 });
    flush({ loud: true });
  }, true);
  const strangers = entries().length - mine().length;
  if (strangers) toast(filled('outbox_other', { n: strangers }), { seconds: 8 });
  later();
}
