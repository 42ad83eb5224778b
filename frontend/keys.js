// Keyboard: ? lists them. Ignored in fields and while an input method is composing.
import { openFinder } from './finder.js';

const PLACES = {
  t: 'today', c: 'customers', g: 'goals', p: 'process', i: 'insights', r: 'rewards', v: 'review', m: 'manage',
};
let going = 0;

const typing = (target) => target.closest?.('input, textarea, select, [contenteditable="true"]');

function step(by) {
  const rows = [...document.querySelectorAll('[data-row]')];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  next.querySelector('a, button')?.focus();
}

function pressed(event) {
  if (event.isComposing || event.keyCode === 229) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    openFinder();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return;
  const link = (selector) => document.querySelector(selector)?.click();
  if (going && Date.now() - going < 1200) {
    going = 0;
    if (PLACES[event.key]) link(`.rail [data-place-key="${PLACES[event.key]}"]`);
    return;
  }
  const does = {
    g: () => (going = Date.now()),
    '/': openFinder,
    '?': () => document.getElementById('keys')?.showModal(),
    n: () => link('[data-key="n"]'),
    j: () => step(1),
    k: () => step(-1),
    w: () => (document.activeElement.closest('[data-row]') ?? document).querySelector('[data-why]')?.click(),
    '.': () => link('[data-key="."]'),
    '[': () => link('[data-key="["]'),
    ']': () => link('[data-key="]"]'),
    x: () => document.activeElement.closest('[data-row]')?.querySelector('input[type="checkbox"]')?.click(),
  }[event.key];
  if (does) {
    event.preventDefault();
    does();
  }
}

export function startKeys() {
  if (document.documentElement.dataset.keys === 'off') return;
  document.addEventListener('keydown', pressed);
}
