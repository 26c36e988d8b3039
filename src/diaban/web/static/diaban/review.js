// Reviewing a return with a script: a click on a cell begins a sentence about it, beside those that
// were begun already. Without it the same link opens the page with that line (?cell=...).

const box = document.querySelector('[data-review]');
const lines = box?.querySelector('.review-cells');
const blank = document.getElementById('review-line');

function begin(cell) {
  const name = `remark.${cell.dataset.pick}`;
  let input = [...lines.querySelectorAll('input')].find((one) => one.name === name);
  if (!input) {
    const line = blank.content.firstElementChild.cloneNode(true);
    input = line.querySelector('input');
    input.name = name;
    line.querySelector('.review-place').firstChild.textContent = `${cell.dataset.place} `;
    line.querySelector('a').href = `${box.dataset.history}?cell=${encodeURIComponent(cell.dataset.pick)}`;
    lines.append(line);
  }
  box.querySelector('details').open = true;
  input.focus();
}

if (lines) {
  document.addEventListener('click', (event) => {
    const cell = event.target.closest('[data-pick]');
    if (!cell || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    begin(cell);
  });
}
