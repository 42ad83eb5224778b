// Lists with bulk actions: <input type="checkbox" data-select-all="name"> ticks all boxes called name;
// [data-selected="name"] shows while any is ticked, and its [data-count] says how many.
export function startSelection() {
  document.addEventListener('change', (event) => {
    const box = event.target;
    const name = box.dataset?.selectAll ?? (box.matches('[data-row] input[type="checkbox"]') ? box.name : null);
    if (!name) return;
    const boxes = [...document.querySelectorAll(`[data-row] input[type="checkbox"][name="${CSS.escape(name)}"]`)];
    if (box.dataset.selectAll) for (const one of boxes) one.checked = box.checked;
    const ticked = boxes.filter((one) => one.checked);
    for (const one of boxes) one.closest('[data-row]').setAttribute('aria-selected', String(one.checked));
    for (const bar of document.querySelectorAll(`[data-selected="${CSS.escape(name)}"]`)) {
      bar.hidden = !ticked.length;
      const count = bar.querySelector('[data-count]');
      if (count) count.textContent = String(ticked.length);
    }
  });
}
