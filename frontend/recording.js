// A recording goes up in parts: what arrived stays, and the same file chosen again goes on where it broke.
const csrf = () => JSON.parse(document.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'] ?? '';

async function send(url, body) {
  const answer = await fetch(url, {
    method: 'POST', body, redirect: 'manual', credentials: 'same-origin',
    headers: { Accept: 'application/json', 'X-CSRFToken': csrf() },
  });
  const data = [200, 409, 422].includes(answer.status) ? await answer.json() : {};
  return { status: answer.status, data };
}

async function digest(file) {
  const bytes = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, '0')).join('');
}

class Refused extends Error {}

const checked = ({ status, data }) => {
  if (status === 422) throw new Refused(data.faults.map((fault) => fault.text).join(' '));
  if (![200, 409].includes(status)) throw new Error(String(status));
  return data;
};

async function upload(form, told) {
  const [file] = form.elements.file.files;
  told.say('reading');
  const announced = new URLSearchParams({
    name: file.name, size: file.size, sha256: await digest(file), consent: form.elements.consent.value,
  });
  const stands = checked(await send(form.dataset.recording, announced));
  let { offset } = stands;
  const size = Number(form.dataset.part);
  while (offset < file.size) {
    told.at(offset, file.size);
    offset = checked(await send(`${stands.part}?offset=${offset}`, file.slice(offset, offset + size))).offset;
  }
  told.at(file.size, file.size);
  checked(await send(stands.whole, new URLSearchParams()));
}

export function startRecording() {
  const form = document.querySelector('form[data-recording]');
  if (!form) return;
  const says = form.querySelector('[data-recording-says]');
  const bar = form.querySelector('[data-recording-bar]');
  const go = form.querySelector('[data-recording-go]');
  let percent = 0;
  const told = {
    say: (name) => {
      says.textContent = says.dataset[name].replace('{n}', percent);
    },
    at: (done, all) => {
      percent = Math.floor((100 * done) / all);
      bar.hidden = false;
      bar.value = percent;
      told.say('going');
    },
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (go.disabled) return;
    if (!form.elements.file.files.length) {
      told.say('pick');
      return;
    }
    go.disabled = true;
    try {
      await upload(form, told);
      told.say('whole');
      location.reload();
    } catch (error) {
      if (error instanceof Refused) says.textContent = error.message;
      else told.say('broken');
      go.textContent = go.dataset.again;
    } finally {
      go.disabled = false;
    }
  }, true);
}
