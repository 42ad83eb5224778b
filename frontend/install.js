// Installing to the home screen, offered once after the first log; and the service worker that keeps the day readable.
import { word } from './words.js';

const ASKED = 'pace-install-asked';
let prompt = null;

export function startInstall() {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    prompt = event;
  });
  if ('serviceWorker' in navigator && document.body.dataset.person) {
    navigator.serviceWorker.register('/sw.js', { scope: '/' }).catch(() => {});
  }
  // Whoever signs out takes the kept pages along.
  document.addEventListener('submit', (event) => {
    if (!event.target.action?.includes('/accounts/logout/') || event.defaultPrevented) return;
    navigator.serviceWorker?.controller?.postMessage('forget');
  });
}

const installed = () => matchMedia('(display-mode: standalone)').matches || navigator.standalone === true;
const apple = () => /iPhone|iPad|iPod/.test(navigator.userAgent);

// Said once; in a chat app's window there is no service worker, so that it cannot keep anything: that is said instead.
export function afterLog() {
  const box = document.querySelector('[data-install]');
  let asked = true;
  try {
    asked = localStorage.getItem(ASKED) !== null;
    localStorage.setItem(ASKED, String(Date.now()));
  } catch {
    return;
  }
  if (!box || asked || installed()) return;
  box.textContent = '';
  const text = document.createElement('p');
  box.append(text);
  if (!('serviceWorker' in navigator)) text.textContent = word('install_none');
  else if (apple()) text.textContent = word('install_ios');
  else if (prompt) {
    text.textContent = word('install_why');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-s';
    button.textContent = word('install_do');
    button.addEventListener('click', () => {
      prompt.prompt();
      box.hidden = true;
    });
    box.append(button);
  } else return;
  box.hidden = false;
}
