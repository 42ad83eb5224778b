// Photos and voice notes of a log: the log never waits for them. They are kept on the phone under the log's own number
// and sent once the log has a record, now or when signal is back.
import { entries, filled, post } from './outbox.js';
import { toast } from './toasts.js';
import { word } from './words.js';

const STORE = 'pace-files';
const SLOW = 180_000;
const LONGEST = 180_000;
const person = () => Number(document.body.dataset.person || 0);
let picked = [];
let box = null;
let changed = () => {};

const asked = (request) => new Promise((yes, no) => {
  request.onsuccess = () => yes(request.result);
  request.onerror = () => no(request.error);
});

async function store(mode) {
  const opening = indexedDB.open(STORE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('files', { keyPath: 'key' });
  return (await asked(opening)).transaction('files', mode).objectStore('files');
}

const all = async () => asked((await store('readonly')).getAll());
const put = async (file) => asked((await store('readwrite')).put(file));
const drop = async (key) => asked((await store('readwrite')).delete(key));

async function send(file) {
  const body = new FormData();
  body.set('key', file.key);
  body.set('kind', file.kind);
  body.set('file', new File([file.bytes], file.name, { type: file.type }));
  return post(`/activities/${file.activity}/files/`, body, { limit: SLOW });
}

let busy = false;

// What has a record is sent; what belongs to a log that was thrown away goes with it.
export async function sendFiles() {
  if (busy || !person()) return;
  busy = true;
  let sent = 0;
  try {
    for (const file of (await all()).filter((one) => one.person === person())) {
      if (!file.activity) {
        if (!entries().some((entry) => entry.key === file.log)) await drop(file.key);
        continue;
      }
      const result = await send(file);
      if (result.kind === 'done') sent += 1;
      else if (result.kind === 'refused') toast(result.data.faults[0]?.text ?? word('gone'), { seconds: 8 });
      else break;
      await drop(file.key);
    }
  } catch {
    // no store on this device: nothing was kept that could be sent
  } finally {
    busy = false;
  }
  if (sent) toast(filled('files_sent', { n: sent }));
}

// The log was saved (`activity`) or waits in the outbox (none yet).
export async function keepFiles(log, activity = null) {
  const mine = picked.map((one) => ({ ...one, log, activity, person: person() }));
  clear();
  if (!mine.length) return;
  try {
    for (const file of mine) await put(file);
  } catch {
    if (!activity) {
      toast(word('files_lost'), { seconds: 10 });
      return;
    }
    for (const file of mine) {
      if ((await send(file)).kind !== 'done') toast(word('files_lost'), { seconds: 10 });
    }
    return;
  }
  if (activity) sendFiles();
}

async function found({ key, id }) {
  if (!key || !id) return;
  try {
    for (const file of await all()) if (file.log === key) await put({ ...file, activity: id });
  } catch {
    return;
  }
  sendFiles();
}

export const photos = () => picked.filter((one) => one.kind === 'photo').length;

export function clear() {
  picked = [];
  draw();
}

async function take(kind, blob, name) {
  // as bytes: some phones forget a file that is kept by reference
  const bytes = await blob.arrayBuffer();
  picked.push({ key: crypto.randomUUID().replaceAll('-', ''), kind, name, type: blob.type, bytes });
  draw();
}

function draw() {
  if (!box) return;
  box.querySelector('[data-log-picked]').replaceChildren(...picked.map((one) => {
    const line = document.createElement('li');
    const off = document.createElement('button');
    Object.assign(off, { type: 'button', className: 'btn btn-s btn-quiet', textContent: box.dataset.remove });
    off.setAttribute('aria-label', `${box.dataset.remove} ${one.name}`);
    off.addEventListener('click', () => {
      picked = picked.filter((other) => other !== one);
      draw();
    });
    line.append(`${one.name} `, off);
    return line;
  }));
  changed();
}

// Held down it listens; let go it is kept. By keyboard the first press begins and the second ends.
function talk(button) {
  const says = button.querySelector('span');
  const idle = says.textContent;
  let recorder = null;
  let wanted = false;
  const stop = () => {
    wanted = false;
    if (recorder?.state === 'recording') recorder.stop();
  };
  const start = async () => {
    if (wanted) return;
    wanted = true;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      wanted = false;
      fallback(button);
      return;
    }
    const heard = [];
    const type = ['audio/webm', 'audio/mp4'].find((one) => MediaRecorder.isTypeSupported(one)) ?? '';
    recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
    recorder.addEventListener('dataavailable', (event) => heard.push(event.data));
    recorder.addEventListener('stop', () => {
      stream.getTracks().forEach((track) => track.stop());
      says.textContent = idle;
      const blob = new Blob(heard, { type: type || recorder.mimeType });
      if (blob.size) take('voice', blob, `${box.dataset.voice}.${type === 'audio/mp4' ? 'm4a' : 'webm'}`);
    });
    recorder.start();
    says.textContent = button.dataset.listening;
    setTimeout(stop, LONGEST);
    if (!wanted) stop();
  };
  button.addEventListener('pointerdown', start);
  for (const name of ['pointerup', 'pointercancel', 'pointerleave']) button.addEventListener(name, stop);
  button.addEventListener('keydown', (event) => {
    if (!['Enter', ' '].includes(event.key) || event.repeat) return;
    event.preventDefault();
    if (wanted) stop();
    else start();
  });
}

// No microphone for pages here: a sound file can still be chosen.
function fallback(button) {
  button.hidden = true;
  box.querySelector('[data-log-sound]').hidden = false;
}

export function startFiles(form, onChange) {
  box = form?.querySelector('[data-log-files]');
  changed = onChange;
  if (!box) return;
  box.hidden = false;
  for (const input of box.querySelectorAll('input[type="file"]')) {
    input.addEventListener('change', async () => {
      for (const file of input.files) await take(input.dataset.kind, file, file.name);
      input.value = '';
    });
  }
  const button = box.querySelector('[data-log-talk]');
  if (window.MediaRecorder && navigator.mediaDevices?.getUserMedia) talk(button);
  else fallback(button);
}

export function startFilesSending() {
  if (!person()) return;
  document.addEventListener('pace:logged', (event) => found(event.detail));
  window.addEventListener('online', () => setTimeout(sendFiles, 1_500));
  setTimeout(sendFiles, 1_500);
}
