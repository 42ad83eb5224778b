// Search and go: Ctrl/⌘ K. Places answer at once from the page itself; records come from the server.
export function openFinder() {
  const finder = document.getElementById('finder');
  if (!finder || finder.open) return;
  finder.showModal();
  finder.querySelector('input').select();
}

export function startFinder() {
  const finder = document.getElementById('finder');
  if (!finder) return;
  const field = finder.querySelector('input');
  if (/Mac|iPhone|iPad/.test(navigator.platform))
    for (const key of document.querySelectorAll('kbd')) key.textContent = key.textContent.replace('Ctrl', '⌘');
  const links = () => [...finder.querySelectorAll('.finder-list a')].filter((link) => !link.hidden);
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-finder]')) openFinder();
  });
  field.addEventListener('input', () => {
    const asked = field.value.trim().toLowerCase();
    for (const link of finder.querySelectorAll('[data-place]'))
      link.hidden = asked !== '' && !link.textContent.toLowerCase().includes(asked);
  });
  finder.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (event.key === 'ArrowDown') all[at + 1]?.focus();
    else if (event.key === 'ArrowUp') (all[at - 1] ?? field).focus();
    else if (event.key === 'Enter' && document.activeElement === field && all.length) all[0].click();
    else return;
    event.preventDefault();
  });
}
