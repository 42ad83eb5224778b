// The board on a wall: one [data-tv-view] at a time, turned by itself every few seconds until somebody pauses.
// Space and → next, ← back, P pause, F full screen, Esc leaves. Without scripts all views stand below each other.
export function startTv() {
  const screen = document.querySelector('[data-tv]');
  if (!screen) return;
  const views = () => [...screen.querySelectorAll('[data-tv-view]')];
  let at = 0;
  let paused = false;
  let since = Date.now();

  const show = (place) => {
    const all = views();
    at = (place + all.length) % all.length;
    all.forEach((view, number) => (view.hidden = number !== at));
    since = Date.now();
  };
  const does = {
    next: () => show(at + 1),
    back: () => show(at - 1),
    pause: () => {
      paused = !paused;
      since = Date.now();
      screen.querySelector('[data-tv-do="pause"]').setAttribute('aria-pressed', String(paused));
    },
    full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
    leave: () => location.assign(screen.dataset.tvLeave),
  };
  screen.addEventListener('click', (event) => does[event.target.closest('[data-tv-do]')?.dataset.tvDo]?.());
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === ' ' && event.target.closest('button, a')) return;
    const name = { ' ': 'next', ArrowRight: 'next', ArrowLeft: 'back', p: 'pause', f: 'full', Escape: 'leave' }[event.key];
    if (!name) return;
    event.preventDefault();
    does[name]();
  });
  // Fresh numbers arrive as a new set of views: stay where we were.
  document.body.addEventListener('htmx:afterSwap', () => show(at));
  setInterval(() => !paused && Date.now() - since >= screen.dataset.tvSeconds * 1000 && show(at + 1), 1000);
  show(0);
}
