// How long a log of this kind takes, counted up while boxes are ticked.
export function startEffort() {
  const line = document.querySelector('[data-effort]');
  if (!line) return;
  const form = line.closest('form');
  const count = () => {
    const more = [...form.querySelectorAll('[data-seconds]:checked')].reduce((sum, box) => sum + Number(box.dataset.seconds), 0);
    line.querySelector('output').textContent = Number(line.dataset.effort) + more;
  };
  form.addEventListener('change', count);
  count();
}
