// The cascade of goals: a row opens what hangs below it, and shows whom it serves and who serves it.
const row = (table, pk) => table.querySelector(`tr[data-goal="${pk}"]`);
const below = (table, pk) => [...table.querySelectorAll(`tr[data-above="${pk}"]`)];

function family(table, start) {
  const found = new Set([start]);
  for (let above = start.dataset.above; above; above = row(table, above)?.dataset.above) {
    const line = row(table, above);
    if (!line || found.has(line)) break;
    found.add(line);
  }
  below(table, start.dataset.goal).forEach((line) => found.add(line));
  return found;
}

function align(table, line) {
  table.querySelectorAll('.is-aligned').forEach((one) => one.classList.remove('is-aligned'));
  if (line) family(table, line).forEach((one) => one.classList.add('is-aligned'));
}

function show(table, pk, open) {
  for (const line of below(table, pk)) {
    line.hidden = !open;
    const twist = line.querySelector('[data-open-goal]');
    if (!open || twist?.getAttribute('aria-expanded') === 'true') show(table, line.dataset.goal, open);
  }
}

async function turn(htmx, twist) {
  const table = twist.closest('table');
  const line = twist.closest('tr');
  const pk = line.dataset.goal;
  const open = twist.getAttribute('aria-expanded') !== 'true';
  if (open && !below(table, pk).length) {
    await htmx.ajax('GET', twist.dataset.openGoal, { target: line, swap: 'afterend' });
  }
  twist.setAttribute('aria-expanded', String(open));
  show(table, pk, open);
}

export function startCascade(htmx) {
  document.addEventListener('click', (event) => {
    const twist = event.target.closest('[data-open-goal]');
    if (twist && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      turn(htmx, twist);
      return;
    }
    const line = event.target.closest('[data-cascade] tr[data-goal]');
    if (line && !event.target.closest('a, button, input')) {
      align(line.closest('table'), line.classList.contains('is-pinned') ? null : line);
      line.classList.toggle('is-pinned');
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return;
    const twist = event.target.closest?.('[data-open-goal]');
    if (!twist) return;
    event.preventDefault();
    turn(htmx, twist);
  });
  for (const [kind, on] of [['pointerover', true], ['focusin', true], ['pointerleave', false]]) {
    document.addEventListener(kind, (event) => {
      const line = event.target.closest?.('[data-cascade] tr[data-goal]');
      if (!line || event.pointerType === 'touch') return;
      align(line.closest('table'), on ? line : null);
    }, true);
  }
}

// Another metric has another unit and other scopes: the form is drawn anew with what was chosen.
document.addEventListener('change', (event) => {
  if (!event.target.matches('.goal-form #id_metric')) return;
  const asked = new URLSearchParams();
  for (const name of ['metric', 'owner', 'period', 'per', 'parent']) {
    const box = document.getElementById(`id_${name}`);
    if (box?.value) asked.set(name, box.value);
  }
  location.search = asked.toString();
});

// A button of the checks leads to the box it is about, and writes what it proposes there.
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-fix]');
  const box = button && document.getElementById(`id_${button.dataset.fix}`);
  if (!box) return;
  if (button.dataset.fixValue) {
    box.value = button.dataset.fixValue;
    box.dispatchEvent(new Event('change', { bubbles: true }));
  }
  box.focus();
});
