// A form that has an address of its own, opened over the page: <a data-sheet="title" href="…">. Its page holds the form
// in [data-sheet-body]. Without scripts, in a new tab or when anything goes wrong, the address is a page like any other.
import { toast } from './toasts.js';
import { word } from './words.js';

const box = () => document.getElementById('form-sheet');
const body = () => document.getElementById('form-sheet-body');
let opener = null;

function show(text, url) {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const found = page.querySelector('[data-sheet-body]') ?? page.body;
  body().replaceChildren(...found.childNodes);
  for (const form of body().querySelectorAll('form')) if (!form.getAttribute('action')) form.action = url;
  window.htmx.process(body());
  (body().querySelector('.faults, .field.is-wrong :is(input, select, textarea)'))?.focus();
}

async function open(link) {
  const { href } = link;
  let answer;
  try {
    answer = await fetch(href, { redirect: 'manual' });
  } catch {
    toast(word('offline'), { seconds: 8 });
    return;
  }
  if (!answer.ok) {
    location.assign(href);
    return;
  }
  document.getElementById('form-sheet-title').textContent = link.dataset.sheet;
  show(await answer.text(), href);
  if (!box().open) {
    opener = document.activeElement;
    box().showModal();
  }
}

async function send(form) {
  let answer;
  try {
    // with this header the server says where to go on to, instead of sending us there unseen
    answer = await fetch(form.action, {
      method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual', headers: { 'HX-Request': 'true' },
    });
  } catch {
    delete form.dataset.sent;
    toast(word('offline'), { seconds: 8 });
    return;
  }
  const next = answer.headers.get('HX-Redirect');
  if (next) location.assign(next);
  else if (answer.status === 422) show(await answer.text(), form.action);
  else location.assign(form.action);
}

// A chip fills its box; what is typed afterwards is what counts.
function chips(event) {
  const { name, value, form, type } = event.target;
  if (!form || !name) return;
  if (name.startsWith('chip_') && type === 'radio') {
    const field = form.elements[name.slice(5)];
    if (field) field.value = value;
  } else if (form.elements[`chip_${name}`]) {
    for (const chip of form.querySelectorAll(`[name="chip_${CSS.escape(name)}"]`)) chip.checked = chip.value === value;
  }
}

export function startSheets() {
  document.addEventListener('input', chips);
  const party = document.querySelector('[data-celebrate]');
  if (party) {
    // not again on a reload
    history.replaceState(null, '', location.pathname);
    setTimeout(() => party.remove(), 800);
  }
  if (!box()) return;
  document.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const link = event.target.closest('[data-sheet]');
    if (link) {
      event.preventDefault();
      const menu = link.closest('details.menu');
      if (menu) menu.open = false;
      open(link);
      return;
    }
    const leave = event.target.closest('#form-sheet .form-foot a');
    if (leave && new URL(leave.href).pathname === location.pathname) {
      event.preventDefault();
      box().close();
    }
  });
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented || !box().contains(event.target)) return;
    event.preventDefault();
    send(event.target);
  });
  box().addEventListener('close', () => opener?.isConnected && opener.focus());
}
