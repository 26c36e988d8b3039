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
