// The criteria matrix by arrows: along the criteria, along the areas; the panel follows.

const matrix = document.querySelector('[data-matrix]');
const panel = document.getElementById('criteria-panel');

function open(cell) {
  const link = cell?.querySelector('a[hx-get]');
  if (!link) return false;
  link.focus();
  if (panel.childElementCount) link.click();
  return true;
}

function move(key) {
  const from = (document.activeElement?.closest('td.verdict')) ?? matrix.querySelector('td.is-open');
  if (!from) return false;
  const row = from.parentElement;
  if (key === 'ArrowRight') return open(from.nextElementSibling);
  if (key === 'ArrowLeft') return open(from.previousElementSibling);
  const other = key === 'ArrowDown' ? row.nextElementSibling : row.previousElementSibling;
  return open(other?.cells[from.cellIndex]);
}

/** Show which cell the panel explains. */
function mark(link) {
  matrix.querySelectorAll('.is-open, tr.is-selected').forEach((one) => one.classList.remove('is-open', 'is-selected'));
  matrix.querySelectorAll('a[aria-current]').forEach((one) => one.removeAttribute('aria-current'));
  link.setAttribute('aria-current', 'true');
  link.closest('td').classList.add('is-open');
  link.closest('tr').classList.add('is-selected');
}

/** Close the panel here, without a new page, and go back to the cell it explained. */
function close(event) {
  event.preventDefault();
  panel.replaceChildren();
  panel.parentElement.classList.remove('has-panel');
  const cell = matrix.querySelector('td.is-open');
  cell?.classList.remove('is-open');
  cell?.querySelector('a').focus();
  history.replaceState(null, '', event.target.closest('a').href);
}

if (matrix) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, .panel-scroll')) return;
    if (event.key.startsWith('Arrow') && move(event.key)) event.preventDefault();
  });
  matrix.addEventListener('click', (event) => {
    const link = event.target.closest('a[hx-get]');
    if (!link) return;
    mark(link);
    // Walking by arrows stays in the matrix; whoever opens a cell goes on in the panel.
    if (event.isTrusted) delete panel.dataset.keepFocus; else panel.dataset.keepFocus = 'yes';
  });
  panel.addEventListener('click', (event) => {
    if (event.target.closest('.cell-close')) close(event);
  });
  document.addEventListener('htmx:afterSwap', (event) => {
    if (event.target.id === 'criteria-panel') event.target.parentElement.classList.add('has-panel');
  });
}
