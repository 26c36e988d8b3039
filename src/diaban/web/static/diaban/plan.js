// The plan: keep the words of the current item in view, beside the item itself.

function show() {
  // On a narrow screen the page itself scrolls, and it should open at its head.
  if (!window.matchMedia('(min-width: 992px)').matches) return;
  const words = document.querySelector('[data-current]');
  const sheet = words?.closest('.sheet-scroll');
  if (sheet) sheet.scrollTop = words.offsetTop + words.offsetParent.offsetTop - sheet.clientHeight / 3;
  document.querySelector('.item.is-selected')?.scrollIntoView({ block: 'nearest' });
}

show();
document.addEventListener('htmx:afterSettle', show);

// N adds an item from the words that are selected: their place in the text goes with the link.
const link = document.querySelector('[data-selection]');

function place(node, offset) {
  const block = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest('[data-at]');
  if (!block) return null;
  const range = document.createRange();
  range.setStart(block, 0);
  range.setEnd(node, offset);
  return Number(block.dataset.at) + range.toString().length;
}

let chosen = null;
document.addEventListener('selectionchange', () => {
  const selection = document.getSelection();
  if (!link || selection.isCollapsed || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0);
  const [start, end] = [place(range.startContainer, range.startOffset), place(range.endContainer, range.endOffset)];
  if (start !== null && end !== null && end > start) chosen = [start, end];
});
link?.addEventListener('click', () => {
  if (!chosen) return;
  const url = new URL(link.href);
  url.searchParams.set('start', chosen[0]);
  url.searchParams.set('end', chosen[1]);
  link.href = url.toString();
});
