// Forms: Enter never sends a half-typed pinyin, a double press sends once, and the first fault gets the focus.
export function startForms(htmx) {
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.isComposing || event.keyCode === 229)) event.preventDefault();
  }, true);
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 1500) event.preventDefault();
    else form.dataset.sent = String(Date.now());
  }, true);
  // A large table of boxes sends only those that somebody filled.
  document.addEventListener('formdata', (event) => {
    if (!event.target.matches?.('[data-drop-empty]')) return;
    for (const [name, value] of [...event.formData]) if (value === '') event.formData.delete(name);
  }, true);
  // Coming back with the browser's back button must not find a form that believes it was just sent.
  window.addEventListener('pageshow', () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
  const first = (root) => root.querySelector?.('.faults a, .field.is-wrong :is(input, select, textarea)')?.focus();
  first(document);
  htmx.onLoad(first);
}
