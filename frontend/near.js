// 附近的客户: asks for the place on this tap and never otherwise, and keeps it nowhere, unless the kind that is being
// logged asks for a place: then the sheet takes it as its own, as its button would.
import { choose, kind, option, part, stood } from './log.js';
import { post } from './outbox.js';

let asked = 0;

const place = () => new Promise((done) => {
  navigator.geolocation.getCurrentPosition(({ coords }) => done(coords), () => done(null), { timeout: 8_000, maximumAge: 60_000 });
});

async function near(box, button) {
  const turn = ++asked;
  const says = part('near-says');
  button.setAttribute('aria-busy', 'true');
  const coords = await place();
  const body = coords && new URLSearchParams({ lat: Math.round(coords.latitude * 1e6), lon: Math.round(coords.longitude * 1e6) });
  const result = body && (await post(box.dataset.url, body));
  if (turn !== asked) return;
  button.removeAttribute('aria-busy');
  if (!coords || result.kind !== 'done') {
    says.textContent = coords ? box.dataset.offline : box.dataset.refused;
    return;
  }
  if (kind()?.asks.includes('place')) stood(coords);
  says.textContent = result.data.says;
  if (!result.data.customers.length) return;
  part('found').replaceChildren(...result.data.customers.map((one) => option(one.name, one.under, () => choose(one))));
}

export function startNear() {
  const box = document.querySelector('[data-log-nearby]');
  // browsers tell the place to secure pages only
  if (!box || !navigator.geolocation || !window.isSecureContext) return;
  box.hidden = false;
  const button = box.querySelector('[data-log-near]');
  const adds = part('place').querySelector('span');
  const word = adds.textContent;
  button.addEventListener('click', () => near(box, button));
  // the next log begins without the place of the last one, and says so
  box.closest('form').addEventListener('reset', () => {
    asked += 1;
    adds.textContent = word;
    part('near-says').textContent = '';
    button.removeAttribute('aria-busy');
  });
}
