// The Why drawer: any <a data-why href="/why/…"> opens its page's body beside the number.
// Without scripts, in a new tab, sent or printed, the same address is a page of its own.
let opener = null;

export function openWhy(htmx, url) {
  const drawer = document.getElementById('why');
  const body = document.getElementById('why-body');
  if (!drawer || !body) return;
  opener = document.activeElement;
  body.replaceChildren();
  body.setAttribute('aria-busy', 'true');
  if (!drawer.open) drawer.showModal();
  document.getElementById('why-page')?.setAttribute('href', url);
  htmx.ajax('GET', url, { target: '#why-body', swap: 'innerHTML' }).finally(() => body.removeAttribute('aria-busy'));
}

export function startDrawer(htmx) {
  document.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const number = event.target.closest('[data-why]');
    if (number) {
      event.preventDefault();
      openWhy(htmx, number.dataset.why || number.getAttribute('href'));
    }
    const close = event.target.closest('[data-close]');
    if (close) close.closest('dialog')?.close();
    const show = event.target.closest('[data-dialog]');
    if (show) document.getElementById(show.dataset.dialog)?.showModal();
    // A press on the shade, outside the box, closes too.
    if (event.target.matches('dialog.drawer, dialog.sheet')) {
      const box = event.target.getBoundingClientRect();
      const inside =
        event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside) event.target.close();
    }
  });
  document.getElementById('why')?.addEventListener('close', () => opener?.isConnected && opener.focus());
}
