// Keeps My day and the log sheet readable without signal. Sends nothing by itself: what waits in the outbox is sent by
// the page, where the reader sees it. Everything kept is thrown away on sign-out and with a new version.
const KEPT = 'pace-{{ version }}';
const FILES = {{ files|safe }};
const PAGES = ['/today/', '/log/', '/log/known/'];

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(KEPT).then((cache) => cache.addAll(['/offline/', ...FILES])).then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('pace-') && name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
      .then(() => remember()),
  );
});

// A first visit was loaded before this worker stood: take the two pages now.
async function remember() {
  const cache = await caches.open(KEPT);
  await Promise.all(PAGES.map(async (page) => {
    try {
      const answer = await fetch(page, { redirect: 'manual', credentials: 'same-origin' });
      if (answer.ok) await cache.put(page, answer);
    } catch {
      // the next visit keeps it
    }
  }));
}

self.addEventListener('message', (event) => {
  if (event.data === 'forget') event.waitUntil(caches.open(KEPT).then((cache) => Promise.all(PAGES.map((page) => cache.delete(page)))));
});

async function page(request, path) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    // a redirect to the sign-in page is an answer, but nothing to keep
    if (answer.ok && !answer.redirected && PAGES.includes(path)) await cache.put(path, answer.clone());
    return answer;
  } catch (fault) {
    const kept = PAGES.includes(path) ? await cache.match(path) : path === '/' ? await cache.match('/today/') : null;
    return kept ?? (await cache.match('/offline/')) ?? Promise.reject(fault);
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request, pathname));
  else if (pathname === '/log/known/') event.respondWith(page(request, pathname));
  else if (pathname.startsWith('/static/')) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
