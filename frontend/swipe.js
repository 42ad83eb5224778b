// The lines of My day under a finger: to the right opens the sheet (done), to the left moves to tomorrow. The buttons
// and the menu of the line do the same without it. Under reduced motion the line stays where it is and only says what
// letting go would do.
const START = 12;
const FAR = 88;
let held = null;
let swiped = -Infinity;

const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

const does = {
  right: (line) => line.querySelector('.todo-do'),
  left: (line) => line.querySelector('[data-swipe-left]'),
};

function pull(by) {
  const side = by > 0 ? 'right' : 'left';
  const { line } = held;
  held.side = does[side](line) ? side : '';
  if (!held.side) return;
  line.dataset.pull = side;
  line.toggleAttribute('data-far', Math.abs(by) >= FAR);
  if (!still()) line.style.setProperty('--pull', `${Math.max(-2 * FAR, Math.min(2 * FAR, by))}px`);
}

function rest(line) {
  delete line.dataset.pull;
  line.removeAttribute('data-far');
  line.style.removeProperty('--pull');
}

function down(event) {
  if (held) {
    // a second finger is no swipe
    if (held.on) rest(held.line);
    held = null;
    return;
  }
  const line = event.target.closest('[data-swipe]');
  if (!line || !event.isPrimary || event.pointerType === 'mouse' || line.hasAttribute('aria-busy')) return;
  if (event.target.closest('details[open]')) return;
  held = { line, id: event.pointerId, x: event.clientX, y: event.clientY, on: false, side: '' };
}

function move(event) {
  if (held?.id !== event.pointerId) return;
  const x = event.clientX - held.x;
  const y = event.clientY - held.y;
  if (!held.on) {
    if (Math.abs(y) > START && Math.abs(y) >= Math.abs(x)) held = null;
    else if (Math.abs(x) > START) {
      held.on = true;
      held.line.setPointerCapture(event.pointerId);
    }
  }
  if (held?.on) pull(x);
}

function up(event) {
  if (held?.id !== event.pointerId) return;
  const { line, on, side, x } = held;
  held = null;
  if (!on) return;
  swiped = event.timeStamp;
  const far = event.type === 'pointerup' && Math.abs(event.clientX - x) >= FAR;
  rest(line);
  if (!far || !side) return;
  if (side === 'left') line.setAttribute('aria-busy', 'true');
  does[side](line).click();
}

export function startSwipe() {
  document.addEventListener('pointerdown', down);
  document.addEventListener('pointermove', move);
  document.addEventListener('pointerup', up);
  document.addEventListener('pointercancel', up);
  // The tap that ends a swipe is none: the link under the finger is not followed.
  document.addEventListener('click', (event) => {
    if (!event.isTrusted || event.timeStamp - swiped > 400 || !event.target.closest('[data-swipe]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  // Coming back to a page that was left by a swipe finds its lines ready.
  window.addEventListener('pageshow', () => {
    for (const line of document.querySelectorAll('[data-swipe][aria-busy]')) line.removeAttribute('aria-busy');
  });
}
