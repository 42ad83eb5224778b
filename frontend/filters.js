// A phone shows the search of a list alone; the button beside it opens what else narrows it, and says how much is set.
export function startFilters() {
  for (const form of document.querySelectorAll('form[data-filters]')) {
    const more = form.querySelector('.filters-more');
    const fields = [...form.querySelectorAll('select, input[type="date"]')];
    if (!fields.length) {
      form.removeAttribute('data-filters');
      continue;
    }
    const set = fields.filter((one) => (one.tagName === 'SELECT' ? one.selectedIndex > 0 : one.value)).length;
    const tally = more.querySelector('.tally');
    tally.hidden = !set;
    tally.textContent = String(set);
    more.addEventListener('click', () => {
      const open = form.classList.toggle('is-open');
      more.setAttribute('aria-expanded', String(open));
      if (open) fields[0].focus();
    });
  }
  // Of many tabs the one that is open stands in sight.
  for (const tab of document.querySelectorAll('.tabs [aria-current]')) {
    const row = tab.parentElement;
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
}
