// What a log changes without a reload: on My day the rings, the sentence above them, the list; on a card its live parts.
import { post } from './outbox.js';
import { toast } from './toasts.js';
import { word } from './words.js';

function moveRings({ rings = [], lead = '' } = {}) {
  const sentence = document.querySelector('[data-day-lead]');
  if (sentence && lead) sentence.textContent = lead;
  for (const ring of rings) {
    for (const drawn of document.querySelectorAll(`[data-ring="${CSS.escape(ring.key)}"]`)) {
      drawn.querySelector('.arc').setAttribute('stroke-dasharray', `${ring.percent} 100`);
      drawn.querySelector('[data-ring-done]').textContent = ring.done;
      drawn.querySelector('a').setAttribute('aria-label', `${ring.name} ${ring.done}/${ring.usual}`);
      drawn.classList.toggle('is-full', ring.full);
    }
  }
}

// A card shows what was just logged: the next step, the timeline, what it still needs.
async function redrawCard() {
  try {
    const answer = await fetch(location.pathname + location.search, { redirect: 'manual' });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of document.querySelectorAll('[data-live]')) {
      const now = fresh.getElementById(part.id);
      if (now) part.replaceWith(now);
    }
    document.querySelectorAll('[data-live]').forEach((part) => window.htmx.process(part));
  } catch {
    // the card stays as it was; the outbox says what waits
  }
}

async function redraw() {
  if (document.querySelector('[data-card]')) redrawCard();
  const list = document.querySelector('[data-day-list]');
  if (!list) return;
  try {
    const answer = await fetch('/today/?part=list', { redirect: 'manual' });
    if (answer.ok) {
      list.innerHTML = await answer.text();
      window.htmx.process(list);
    }
  } catch {
    // the list stays as it was; the outbox says what waits
  }
}

async function undo(url) {
  const result = await post(url, new URLSearchParams({ key: crypto.randomUUID().replaceAll('-', '') }));
  if (result.kind === 'done') {
    toast(result.data.said);
    moveRings(result.data);
    redraw();
  } else if (result.kind === 'refused') toast(result.data.faults?.[0]?.text ?? word('gone'));
}

export function logged(answer) {
  moveRings(answer);
  toast(answer.said, { undo: () => undo(answer.undo) });
  redraw();
}

export function moved(answer) {
  moveRings(answer);
  redraw();
}
