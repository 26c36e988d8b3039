// A form that saves itself and loses nothing on a broken line. Every keystroke is kept in this
// browser until the server has confirmed it; what the server confirmed is forgotten here. The form
// says which user, area and period it is (data-draft), so nobody else's numbers come up again.

const form = document.querySelector('form[data-autosave]');
const says = JSON.parse(form?.dataset.says || '{}');
const NOT_CELLS = new Set(['csrfmiddlewaretoken', 'revision', 'client_key', 'act', '']);
const WAIT = 800;
const LONGEST_WAIT = 30000;
const KEPT_DAYS = 30;

const fieldOf = (name) => form.elements.namedItem(name);
const read = (name) => fieldOf(name)?.value ?? '';
const names = () => [...new Set([...form.elements].map((field) => field.name ?? ''))]
  .filter((name) => !NOT_CELLS.has(name));
const revisionField = () => form.elements.namedItem('revision');

/** Two writings of one value: the server writes 1.021 for a typed 1021. */
const plain = (value) => value.trim().replace(/[. \u00a0]/g, '').toLowerCase();
const same = (one, other) => plain(one ?? '') === plain(other ?? '');

function write(name, value) {
  const field = fieldOf(name);
  if (!field) return false;
  field.value = value;
  (field instanceof RadioNodeList ? field[0] : field).dispatchEvent(new CustomEvent('draft:written', { bubbles: true }));
  return true;
}

// What this browser keeps: {revision, at, cells: {name: [as the server has it, as typed]}, sent}.
const PREFIX = 'diaban:draft:';
const place = PREFIX + (form?.dataset.draft ?? '');
let keeps = true;

function forgetOld() {
  const oldest = Date.now() - KEPT_DAYS * 86400000;
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    let at = 0;
    try { at = JSON.parse(localStorage.getItem(key)).at; } catch { /* not ours to read */ }
    if (!(at > oldest)) localStorage.removeItem(key);
  }
}

function load() {
  try {
    forgetOld();
    return JSON.parse(localStorage.getItem(place));
  } catch {
    keeps = false;
    return null;
  }
}

const base = new Map();
const cells = {};
let sent = {};
let conflicts = [];

function keep() {
  try {
    if (Object.keys(cells).length === 0) localStorage.removeItem(place);
    else localStorage.setItem(place, JSON.stringify({ revision: revisionField().value, at: Date.now(), cells, sent }));
    keeps = true;
  } catch {
    keeps = false;
  }
}

function note(name) {
  const value = read(name);
  const was = base.get(name) ?? '';
  if (value === was) delete cells[name]; else cells[name] = [was, value];
}

/** Compare every field with what the server has; an explanation that is asked no more is dropped. */
function noteAll() {
  const there = names();
  for (const name of Object.keys(cells)) if (!there.includes(name)) delete cells[name];
  there.forEach(note);
  keep();
}

const unsaved = () => Object.keys(cells).length;

// What the page says. The tick stands only behind what the server has confirmed.
let told = '';

function say(kind, { text = says[kind], link = null, act = null } = {}) {
  told = kind;
  const line = form.querySelector('[data-saved-state]');
  if (!line) return;
  const words = document.createElement(['typing', 'saving', 'agreed'].includes(kind) ? 'span' : 'b');
  words.className = { typing: 'muted', saving: 'muted', agreed: 'muted', restored: 'text-act' }[kind] ?? 'text-no';
  words.textContent = text + (keeps || kind === 'saving' ? '' : ` ${says.only_here}`);
  line.dataset.told = kind;
  line.replaceChildren(words);
  if (link) {
    const anchor = document.createElement('a');
    Object.assign(anchor, { href: link.href, textContent: link.text, target: link.target ?? '' });
    line.append(' ', anchor);
  }
  if (act) {
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'btn btn-sm btn-secondary', textContent: act.text });
    button.addEventListener('click', act.press);
    line.append(' ', button);
  }
}

// Sending: one request at a time. A body whose answer was lost is sent again under its own key
// before anything newer, so that the server can tell "again" from "somebody else".
let timer = 0;
let failures = 0;
let waiting = null;
let busy = null;
let stopped = false;

function schedule(wait = WAIT) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

function key() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function pack() {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
  body.set('save_key', key());
  return { body, values: new Map(names().map((name) => [name, read(name)])) };
}

function save() {
  if (!busy) busy = attempt().finally(() => { busy = null; });
  return busy;
}

async function attempt() {
  clearTimeout(timer);
  if (stopped || conflicts.length) return false;
  if (!waiting) {
    if (!unsaved()) return true;
    waiting = pack();
    sent = Object.fromEntries(Object.keys(cells).map((name) => [name, waiting.values.get(name)]));
    keep();
  }
  say('saving');
  let answer;
  try {
    waiting.body.set('csrfmiddlewaretoken', form.elements.namedItem('csrfmiddlewaretoken').value);
    answer = await fetch(form.dataset.autosave, {
      method: 'POST', body: waiting.body, redirect: 'manual', signal: AbortSignal.timeout(20000),
    });
    if (answer.ok) return await take(await answer.text());
  } catch {
    return again('offline');
  }
  if (answer.type === 'opaqueredirect') return expired();
  if (answer.status === 403) return renew();
  if (answer.status >= 500 || answer.status === 429) return again('busy');
  return refuse(says.refused);
}

function again(kind) {
  failures += 1;
  say(kind, { act: { text: says.now, press: () => save() } });
  schedule(Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(failures, 5)));
  return false;
}

/** Whether the server answers at all; asked where there is nothing left to save. */
async function reached() {
  try {
    await fetch(form.dataset.signIn, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(20000) });
    return true;
  } catch {
    return false;
  }
}

function unsent() {
  say('offline', { text: says.unsent, act: unsaved() ? { text: says.now, press: () => save() } : null });
}

function expired() {
  const { signIn } = form.dataset;
  say('expired', { link: { href: signIn, text: says.sign_in, target: '_blank' } });
  schedule(LONGEST_WAIT);
  return false;
}

function refuse(text) {
  stopped = true;
  say('refused', { text, link: { href: form.action, text: says.reload } });
  return false;
}

async function page() {
  const answer = await fetch(form.action, { redirect: 'manual', signal: AbortSignal.timeout(20000) });
  if (!answer.ok) return { answer, theirs: null };
  const theirs = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('form[data-autosave]');
  return { answer, theirs };
}

/** A new session has a new token; another person's session is not used. */
async function renew() {
  try {
    const { answer, theirs } = await page();
    if (answer.type === 'opaqueredirect') return expired();
    if (!theirs) return refuse(says.refused);
    if (theirs.dataset.draft !== form.dataset.draft) return refuse(says.other_user);
    const token = theirs.elements.namedItem('csrfmiddlewaretoken').value;
    const known = form.elements.namedItem('csrfmiddlewaretoken').value;
    document.querySelectorAll('input[name=csrfmiddlewaretoken]').forEach((field) => { field.value = token; });
    if (token === known) return refuse(says.refused);
  } catch {
    return again('offline');
  }
  schedule(0);
  return false;
}

async function take(text) {
  const answer = document.createElement('template');
  answer.innerHTML = text;
  const state = answer.content.querySelector('[data-result]');
  if (!state) return expired();
  failures = 0;
  if (state.dataset.result === 'changed') {
    waiting = null;
    return merge();
  }
  if (state.dataset.result !== 'saved') {
    waiting = null;
    return refuse(state.querySelector('[data-saved-state]').textContent.trim());
  }
  for (const [name, value] of waiting.values) base.set(name, value);
  waiting = null;
  sent = {};
  put(answer.content);
  told = 'saved';
  names().forEach((name) => { if (!base.has(name)) base.set(name, read(name)); });
  noteAll();
  document.dispatchEvent(new CustomEvent('autosave:answered'));
  if (unsaved()) {
    say('typing');
    schedule();
  }
  return !unsaved();
}

/** Put the parts of an answer in the place of those with the same id; what is being written stays. */
function put(content) {
  const parts = [...content.children].flatMap((part) => (part.tagName === 'TEMPLATE' ? [...part.content.children] : [part]));
  for (const part of parts) {
    const old = document.getElementById(part.id);
    if (!old) continue;
    const writing = old.contains(document.activeElement) ? document.activeElement : null;
    const kept = new Map([...old.querySelectorAll('textarea')].map((box) => [box.name, box.value]));
    const at = writing?.selectionStart ?? 0;
    old.replaceWith(part);
    for (const box of part.querySelectorAll('textarea')) {
      if (kept.has(box.name)) box.value = kept.get(box.name);
      if (writing?.name === box.name) {
        box.focus();
        box.setSelectionRange(at, at);
      }
    }
  }
}

/**
 * Bring together what stands on this page and what somebody saved meanwhile. What only one of the
 * two changed is taken; a cell that both changed differently is asked about and overwritten by
 * nobody.
 */
function join(theirValue, draft) {
  let taken = 0;
  conflicts = [];
  for (const name of names()) {
    const theirs = theirValue(name);
    const known = base.get(name) ?? '';
    const mine = read(name);
    if (theirs === null || same(theirs, mine)) {
      base.set(name, mine);
    } else if (same(mine, known)) {
      write(name, theirs);
      base.set(name, theirs);
      taken += 1;
    } else if (same(theirs, known) || same(theirs, draft[name])) {
      base.set(name, theirs);
    } else {
      base.set(name, theirs);
      conflicts.push({ name, theirs, mine });
    }
  }
  return taken;
}

async function merge() {
  let theirs;
  try {
    ({ theirs } = await page());
  } catch {
    return again('offline');
  }
  if (!theirs || theirs.dataset.draft !== form.dataset.draft) return refuse(says.refused);
  // Values of a parsed page are those it was sent with.
  join((name) => theirs.elements.namedItem(name)?.value ?? null, sent);
  revisionField().value = theirs.elements.namedItem('revision').value;
  noteAll();
  if (conflicts.length) return ask();
  schedule(0);
  return false;
}

function ask() {
  const box = form.querySelector('[data-conflicts]');
  say('conflict');
  box.replaceChildren();
  const head = document.createElement('p');
  head.textContent = says.conflict_head;
  box.append(head);
  for (const one of conflicts) box.append(question(one));
  box.hidden = false;
  box.focus();
  return false;
}

function question(one) {
  const line = document.createElement('p');
  const field = fieldOf(one.name);
  const label = (field instanceof RadioNodeList ? field[0] : field).getAttribute('aria-label')
    ?? document.querySelector(`label[for="${CSS.escape(field.id ?? '')}"]`)?.textContent ?? one.name;
  line.append(`${label}: `);
  for (const [text, value] of [[says.keep_mine, one.mine], [says.take_theirs, one.theirs]]) {
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'btn btn-sm btn-secondary', textContent: `${text} ${value || '–'}` });
    button.addEventListener('click', () => {
      write(one.name, value);
      note(one.name);
      keep();
      conflicts = conflicts.filter((other) => other !== one);
      line.remove();
      if (conflicts.length) return;
      form.querySelector('[data-conflicts]').hidden = true;
      if (unsaved()) schedule(0); else say('agreed');
    });
    line.append(button, ' ');
  }
  return line;
}

function restore() {
  names().forEach((name) => base.set(name, read(name)));
  const draft = load();
  if (!draft || typeof draft.cells !== 'object') return;
  if (form.hasAttribute('data-refused')) {
    // The page came back at its old revision: it is read anew before anything is sent.
    for (const [name, [was]] of Object.entries(draft.cells)) base.set(name, was);
    noteAll();
    refuse(form.querySelector('[data-saved-state]').textContent.trim());
    return;
  }
  const older = draft.revision !== revisionField().value;
  const shown = new Map(base);
  let restored = 0;
  for (const [name, [was, typed]] of Object.entries(draft.cells)) {
    if (!fieldOf(name) || same(typed, shown.get(name))) continue;
    if (older) base.set(name, was);
    if (write(name, typed)) restored += 1;
  }
  if (older) join((name) => (shown.has(name) ? shown.get(name) : null), draft.sent ?? {});
  noteAll();
  if (!restored) return;
  if (conflicts.length) {
    ask();
    return;
  }
  say('restored', { text: says.restored.replace('{n}', unsaved()) });
  document.dispatchEvent(new CustomEvent('autosave:answered'));
  if (unsaved()) schedule(1500);
}

function typed(event) {
  const { name } = event.target;
  if (!name || NOT_CELLS.has(name) || event.target.form !== form) return;
  note(name);
  keep();
  if (stopped || conflicts.length || ['offline', 'busy', 'expired'].includes(told)) return;
  if (unsaved()) say('typing');
  if (event.type === 'change') schedule(); else schedule(WAIT * 3);
}

/** What was found wrong with another number is of the past; the next answer says what is now. */
function forget(event) {
  const said = event.target.closest('.card-question')?.querySelector('.card-message.is-error');
  if (!said || said.contains(event.target)) return;
  said.classList.replace('is-error', 'is-none');
  said.querySelectorAll('p:not(.text-act)').forEach((line) => line.remove());
}

if (form) {
  restore();
  form.addEventListener('input', typed);
  form.addEventListener('input', forget);
  form.addEventListener('change', (event) => {
    typed(event);
    if (event.target !== form) return;
    noteAll();
    if (stopped || conflicts.length || !unsaved()) return;
    say('typing');
    schedule();
  });
  // What stands on the page is saved before the form goes: a line that is broken shows here, on the
  // page with the numbers, and not on the browser's own.
  let leaving = false;
  let cleared = false;
  form.addEventListener('submit', async (event) => {
    clearTimeout(timer);
    if (cleared) {
      cleared = false;
      leaving = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    await busy;
    if (!stopped && unsaved()) await save();
    if (!stopped && unsaved() && !conflicts.length) await save();
    const held = conflicts.length || waiting || ['expired', 'busy', 'offline'].includes(told);
    if (held || !(await reached())) {
      if (told === 'offline' || !held) unsent();
      form.querySelector('[data-saved-state]').scrollIntoView({ block: 'nearest' });
      return;
    }
    cleared = true;
    form.requestSubmit(submitter);
  });
  window.addEventListener('pageshow', () => { leaving = false; });
  window.addEventListener('online', () => { if (waiting || unsaved()) save(); });
  const back = () => { if (document.visibilityState === 'visible' && ['offline', 'expired', 'busy'].includes(told)) save(); };
  document.addEventListener('visibilitychange', back);
  window.addEventListener('focus', back);
  window.addEventListener('beforeunload', (event) => {
    if (leaving || !unsaved()) return;
    save();
    event.preventDefault();
  });
}
