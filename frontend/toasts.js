// Short answers at the bottom. The server says them with Django messages, or with
// HX-Trigger: {"toast": {"text": "…", "undo": "/url/that/undoes"}}; undo posts there.
import { word } from './words.js';

const box = () => document.getElementById('toasts');

export function toast(text, { undo = null, seconds = undo ? 10 : 4 } = {}) {
  const line = document.createElement('div');
  line.className = 'toast-s';
  const says = document.createElement('span');
  says.textContent = text;
  line.append(says);
  if (undo) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = word('undo');
    button.addEventListener('click', () => {
      line.remove();
      if (typeof undo === 'function') undo();
      else window.htmx.ajax('POST', undo, { target: 'main', swap: 'none', values: { key: crypto.randomUUID() } });
    });
    line.append(button);
  }
  box()?.append(line);
  let left = setTimeout(() => line.remove(), seconds * 1000);
  // Whoever reads slowly, or is about to press undo, keeps it.
  line.addEventListener('pointerenter', () => clearTimeout(left));
  line.addEventListener('pointerleave', () => (left = setTimeout(() => line.remove(), 2000)));
}

export function startToasts() {
  for (const line of document.querySelectorAll('#toasts [data-toast]')) {
    toast(line.textContent.trim(), { undo: line.dataset.undo || null });
    line.remove();
  }
  document.body.addEventListener('toast', (event) => toast(event.detail.text ?? event.detail.value, event.detail));
  // A passkey that was cancelled or is not known here.
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault();
    toast(word('passkey'), { seconds: 8 });
  });
  document.body.addEventListener('htmx:sendError', () => toast(word('offline'), { seconds: 8 }));
  document.body.addEventListener('htmx:responseError', (event) => {
    const { xhr } = event.detail;
    const code = xhr.getResponseHeader('X-Fault-Id');
    toast(xhr.status >= 500 ? word('broken') + (code ? ` ${code}` : '') : word('gone'), { seconds: 10 });
  });
}
