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

// A decision swaps the plan in place (hx-boost); the keyboard goes on at the next item.
document.addEventListener('htmx:afterSettle', () => {
  show();
  document.querySelector('.item.is-selected [data-act]')?.focus({ preventScroll: true });
});
document.addEventListener('htmx:beforeSwap', (event) => {
  const { xhr } = event.detail;
  // The sign-in page, a refusal of its own: whatever holds no plan is opened as a page.
  if (xhr.responseText.includes('id="plan"')) return;
  event.detail.shouldSwap = false;
  window.location.assign(xhr.responseURL);
});

// N adds an item from the words that are selected: their place in the text goes with the link.
const adding = () => document.querySelector('[data-selection]');

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
  if (!adding() || selection.isCollapsed || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0);
  const [start, end] = [place(range.startContainer, range.startOffset), place(range.endContainer, range.endOffset)];
  if (start !== null && end !== null && end > start) chosen = [start, end];
});
document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-selection]');
  if (!link || !chosen) return;
  const url = new URL(link.href);
  url.searchParams.set('start', chosen[0]);
  url.searchParams.set('end', chosen[1]);
  link.href = url.toString();
});
