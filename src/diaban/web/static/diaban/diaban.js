// What every page gains with a script; without one, links, forms and <details> do the same work.

const typing = (target) => target.closest('input, select, textarea, [contenteditable]');

// Menus: one open at a time, closed by Esc or a click beside them.
const openMenus = () => document.querySelectorAll('details[data-menu][open]');

document.addEventListener('toggle', (event) => {
  const menu = event.target;
  if (!menu.matches?.('details[data-menu]') || !menu.open) return;
  openMenus().forEach((other) => { if (other !== menu) other.open = false; });
  menu.querySelector('[data-menu-focus]')?.focus();
}, true);

document.addEventListener('click', (event) => {
  openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  event.target.closest('[data-dismiss]')?.closest('[data-dismissable]')?.remove();
});

/** Close the innermost open thing: a menu, then the side panel. */
function escape() {
  const menu = [...openMenus()].pop();
  if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
    return true;
  }
  const close = document.querySelector('[data-key-esc]');
  close?.click();
  return Boolean(close);
}

// Lists: J and K choose a row, Enter does what its button says, other letters press their button.
const rows = () => [...document.querySelectorAll('[data-list] [data-row]')]
  .filter((row) => row.offsetParent !== null);

function select(row) {
  for (const other of rows()) {
    const chosen = other === row;
    other.classList.toggle('is-selected', chosen);
    const act = other.querySelector('[data-act]');
    act?.classList.toggle('btn-primary', chosen);
    act?.classList.toggle('btn-secondary', !chosen);
    if (chosen) other.setAttribute('aria-current', 'true'); else other.removeAttribute('aria-current');
  }
  const target = row.querySelector('[data-act]') ?? row.querySelector('a, button') ?? row;
  target.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.classList.contains('is-selected'));
  const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
  const link = next.querySelector('a[data-open]');
  if (link && next !== all[at]) link.click(); else select(next);
  return true;
}

function pressSelected() {
  const row = rows().find((one) => one.classList.contains('is-selected'));
  const act = row?.querySelector('[data-act]');
  act?.click();
  return Boolean(act);
}

/** Press the button or focus the field that says it answers to this key. */
function pressKey(key) {
  const field = document.querySelector(`[data-key-focus="${CSS.escape(key)}"]`);
  if (field && field.offsetParent !== null) {
    field.focus();
    field.select?.();
    return true;
  }
  const act = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  act?.click();
  return Boolean(act);
}

// In a long form Ctrl+Enter sends, because Enter is a new line there.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  const button = event.target.closest('form')?.querySelector('[data-send]');
  if (!button) return;
  event.preventDefault();
  button.click();
});

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    if (escape()) event.preventDefault();
    return;
  }
  if (typing(event.target)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const onControl = event.target.closest('a, button, summary');
  let done = false;
  if (key === 'j') done = step(1);
  else if (key === 'k') done = step(-1);
  else if (key === 'Enter') done = !onControl && (pressSelected() || pressKey(key));
  else done = pressKey(key);
  if (done) event.preventDefault();
});

// Forms are sent once: the button says that it is working until the answer is there.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === 'get' || form.hasAttribute('hx-post')) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = 'true';
  const button = event.submitter;
  if (!button) return;
  // Only after the browser has read the form: a disabled button would not send its name and value.
  setTimeout(() => {
    button.dataset.label = button.innerHTML;
    button.disabled = true;
    button.textContent = button.dataset.working ?? document.body.dataset.working;
  });
});

window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  document.querySelectorAll('form[data-sending]').forEach((form) => {
    delete form.dataset.sending;
    form.querySelectorAll('[data-label]').forEach((button) => {
      button.disabled = false;
      button.innerHTML = button.dataset.label;
    });
  });
});

document.querySelector('[data-error-summary]')?.focus();
document.querySelector('[data-print]')?.addEventListener('click', () => window.print());

// A panel that htmx brought takes the focus, so that a keyboard goes on from there.
document.addEventListener('htmx:afterSwap', (event) => {
  if (event.target.dataset.keepFocus) return;
  event.target.querySelector?.('[data-focus]')?.focus({ preventScroll: true });
});
