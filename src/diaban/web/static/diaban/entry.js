// The entry page with a script: arrows and Enter, a block pasted from Excel, undo in the grid and
// in the commune's part, and the marks of the rules while one types and after each autosave (autosave.js). Without it the form is typed, sent and checked all the same.

const form = document.querySelector('[data-entry]');
const grid = form?.querySelector('[data-grid]');
const inGrid = (input) => Boolean(grid?.contains(input)) && getComputedStyle(grid).display === 'table';

const CELL = 'input.cell-value, select.cell-value';
const inputs = () => [...form.querySelectorAll(CELL)];
const cellOf = (input) => input.closest('td');
const rowsOf = () => [...grid.tBodies[0].rows].filter((row) => !row.classList.contains('rule-row'));

/** The input so many rows down in the same column; cells counted from registers are stepped over. */
function below(input, by) {
  const rows = rowsOf();
  const column = cellOf(input).cellIndex;
  for (let at = rows.indexOf(cellOf(input).parentElement) + by; rows[at]; at += by) {
    const next = rows[at].cells[column].querySelector('input.cell-value');
    if (next) return next;
  }
  return null;
}

function beside(input, by) {
  const all = inputs();
  return all[all.indexOf(input) + by] ?? null;
}

function go(input) {
  if (!input) return false;
  input.focus();
  input.select?.();
  return true;
}

const atStart = (input) => input.selectionEnd === 0 || input.selectionStart !== input.selectionEnd;
const atEnd = (input) => input.selectionStart === input.value.length || input.selectionStart !== input.selectionEnd;

// Undo and redo: what one change or one pasted block replaced.
const done = [];
const undone = [];
const before = new WeakMap();
const was = (input) => before.get(input) ?? input.defaultValue ?? '';

function changed(step) {
  done.push(step);
  undone.length = 0;
}

function write(input, value) {
  input.value = value;
  before.set(input, value);
  const empty = value.trim() === '';
  cellOf(input)?.classList.toggle('hatched', empty);
  input.closest('.entry-field')?.classList.toggle('is-missing', empty);
}

/** Take the last step of one pile back and lay what it replaces on the other. */
function step(from, to) {
  const last = from.pop();
  if (!last) return false;
  to.push(last.map(([input]) => [input, input.value]));
  last.forEach(([input, value]) => write(input, value));
  go(last[0][0]);
  form.dispatchEvent(new Event('change', { bubbles: true }));
  if (evaluate) ask();
  return true;
}

/** Write a block of lines and tabs from this cell on, and say how many numbers found no cell. */
function paste(from, text) {
  const rows = rowsOf();
  const top = rows.indexOf(cellOf(from).parentElement);
  const left = cellOf(from).cellIndex;
  const block = [];
  let outside = 0;
  text.replace(/\r/g, '').replace(/\n$/, '').split('\n').forEach((line, down) => {
    line.split('\t').forEach((value, across) => {
      const cell = rows[top + down]?.cells[left + across];
      const input = cell?.querySelector('input.cell-value');
      // A cell counted from registers keeps its number; what lies beyond the table is lost.
      if (!cell && value.trim()) outside += 1;
      if (!input) return;
      block.push([input, input.value]);
      write(input, value.trim());
    });
  });
  if (block.length) {
    changed(block);
    form.dispatchEvent(new Event('change', { bubbles: true }));
    if (evaluate) ask();
  }
  const note = form.querySelector('[data-outside]');
  note.hidden = !outside;
  note.querySelector('b').textContent = outside;
}

function key(event) {
  const input = event.target;
  if (!input.matches(CELL)) return;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  let gone = false;
  const letter = event.ctrlKey || event.metaKey ? event.key.toLowerCase() : '';
  // While a cell is being typed in, the browser's own undo is about that cell.
  const typing = input.value !== was(input);
  if (letter === 'y' || (letter === 'z' && event.shiftKey)) {
    gone = !typing && step(undone, done);
  } else if (letter === 'z') {
    gone = !typing && step(done, undone);
  } else if (event.key === 'Enter' && plain && input.matches('input')) {
    // Enter never sends the form from a cell.
    event.preventDefault();
    if (inGrid(input)) go(below(input, event.shiftKey ? -1 : 1)); else go(beside(input, event.shiftKey ? -1 : 1));
    return;
  } else if (event.key === 'Escape') {
    input.value = was(input);
    gone = true;
  } else if (plain && inGrid(input)) {
    if (event.key === 'ArrowDown') gone = go(below(input, 1));
    else if (event.key === 'ArrowUp') gone = go(below(input, -1));
    else if (event.key === 'ArrowLeft' && atStart(input)) gone = go(beside(input, -1));
    else if (event.key === 'ArrowRight' && atEnd(input)) gone = go(beside(input, 1));
  }
  if (gone) event.preventDefault();
}

const boxOf = (value) => value.closest('td, .entry-field');

/** Show what is said of a cell: its colour, and on a phone or in the commune's part the sentence. */
function tell(value, level, text) {
  const box = boxOf(value);
  box.classList.toggle('is-error', level === 'error');
  box.classList.toggle('is-warning', level === 'warning');
  if (value.matches('input, select')) {
    if (level === 'error') value.setAttribute('aria-invalid', 'true'); else value.removeAttribute('aria-invalid');
  }
  let line = box.querySelector('.cell-message');
  if (!level) {
    line?.remove();
    return;
  }
  if (!line) {
    line = document.createElement('span');
    line.id = `m-${value.id}`;
    box.querySelector('.cell-label, label').after(line);
  }
  line.className = 'cell-message';
  line.replaceChildren(signOf(level), text);
}

/** What the server says of the cells, as its last answer left it. */
const saidByServer = () => JSON.parse(document.getElementById('entry-state')?.dataset.marks || '[]');

/** Show the rules' verdict on the cells without touching what is being typed. */
function mark() {
  if (!document.getElementById('entry-state')) return;
  const said = new Map(saidByServer().map((one) => [one.id, one]));
  for (const value of form.querySelectorAll('.cell-value')) {
    const one = said.get(value.id);
    tell(value, one?.level ?? '', one?.text ?? '');
  }
}

// The rules while one types: the server's own, asked here at once; its answer to the autosave then
// replaces what stands here.
const rules = JSON.parse(form?.dataset.rules || '[]');
let evaluate = null;
// By the address that the page names: served files carry a checksum in their names.
if (rules.length) import(form.dataset.rulesSrc).then((module) => { evaluate = module.evaluate; });

/** What was typed as a cell of a document; what only the server can read is no number here. */
function cellValue(text) {
  const plain = text.trim();
  if (/^\d{1,15}$/.test(plain)) return Number(plain);
  if (/^[1-9]\d{0,2}([. ]\d{3})+$/.test(plain)) return Number(plain.replace(/[. ]/g, ''));
  return /^\d+,\d+$/.test(plain) ? plain.replace(',', '.') : null;
}

function typedReturn(valueOf) {
  const found = { values: {}, hamlets: {} };
  for (const input of form.querySelectorAll('input.cell-value')) {
    const at = input.name.indexOf('.');
    const [code, row] = at < 0 ? [input.name, ''] : [input.name.slice(0, at), input.name.slice(at + 1)];
    const cells = row ? (found.hamlets[row] ??= {}) : found.values;
    cells[code] = cellValue(valueOf(input));
  }
  return found;
}

const previousOf = (input) => boxOf(input).querySelector('.prev')?.lastChild?.textContent ?? '';

/**
 * Mark every cell as the rules find it now; what a rule takes together may stand in two rows. What
 * a reviewer wrote stays, and so does what the server said of a text that is no number, as long as
 * that text stands there.
 */
function ask() {
  const kept = saidByServer().filter((one) => one.keep
    || (one.given !== undefined && document.getElementById(one.id)?.value.trim() === one.given));
  // A text that is no number to the server is none to the rules either.
  const unread = new Set(kept.filter((one) => one.given !== undefined).map((one) => one.id));
  const found = evaluate(rules, {
    now: typedReturn((one) => (unread.has(one.id) ? '' : one.value)), before: typedReturn(previousOf), forms: {},
  }).map((one) => ({ ...one, text: one.sentence }));
  const said = [...kept.filter((one) => one.level === 'error'), ...found.filter((one) => one.level === 'error'),
    ...kept.filter((one) => one.level !== 'error'), ...found.filter((one) => one.level !== 'error')];
  const byCell = new Map();
  // The first that is said of a cell is the gravest.
  for (const one of said) {
    const name = one.row ? `${one.code}.${one.row}` : one.code;
    if (!byCell.has(name)) byCell.set(name, one);
  }
  for (const value of form.querySelectorAll('input.cell-value')) {
    const one = byCell.get(value.name);
    tell(value, one?.level ?? '', one?.text ?? '');
  }
  for (const line of form.querySelectorAll('.rule-row')) {
    const here = said.filter((one) => one.row && line.id === `rule-${one.row}`);
    line.hidden = here.length === 0;
    line.cells[0].replaceChildren(...here.map(rule));
  }
}

const signOf = (level) => document.getElementById(`sign-${level}`)?.content.cloneNode(true) ?? '';

function rule(one) {
  const told = document.createElement('div');
  told.className = `rule is-${one.level}`;
  const words = document.createElement('b');
  const name = labelOf(one.code);
  words.textContent = one.text.startsWith(name) ? one.text : `${name}: ${one.text}`;
  told.append(signOf(one.level), words);
  return told;
}

const labelOf = (code) => document.getElementById(`c-${code}`)?.dataset.name ?? code;

document.querySelector('.entry-hamlets')?.addEventListener('click', (event) => {
  if (event.target.closest('a')) event.currentTarget.open = false;
});

if (form) {
  // A choice has no value of its own to go back to, so what stood there first is kept.
  for (const choice of form.querySelectorAll('select.cell-value')) before.set(choice, choice.value);
  form.addEventListener('keydown', key);
  form.addEventListener('focusin', (event) => {
    if (!event.target.matches('input.cell-value')) return;
    if (!before.has(event.target)) before.set(event.target, event.target.value);
    event.target.select();
  });
  form.addEventListener('change', (event) => {
    const input = event.target;
    if (!input.matches(CELL)) return;
    changed([[input, was(input)]]);
    write(input, input.value.trim());
    if (evaluate) ask();
  });
  form.addEventListener('draft:written', (event) => {
    if (event.target.matches?.(CELL)) write(event.target, event.target.value);
  });
  grid?.addEventListener('paste', (event) => {
    const text = event.clipboardData.getData('text');
    if (!event.target.matches('input.cell-value') || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    paste(event.target, text);
  });
  document.addEventListener('autosave:answered', mark);
}
