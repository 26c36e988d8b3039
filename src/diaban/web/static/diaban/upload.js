// Handing a plan in without losing the chosen file: what is wrong with it comes back into the
// page; a plan that was taken opens as a page of its own.

const form = document.querySelector('form[data-upload]');
const button = form?.querySelector('button[data-working]');
const label = button?.innerHTML;

form?.addEventListener('htmx:beforeRequest', () => { button.textContent = button.dataset.working; });
form?.addEventListener('htmx:afterRequest', () => { button.innerHTML = label; });
form?.addEventListener('htmx:beforeSwap', (event) => {
  const { xhr } = event.detail;
  if (xhr.responseText.includes('id="upload-said"')) return;
  event.detail.shouldSwap = false;
  window.location.assign(xhr.responseURL);
});
document.addEventListener('htmx:afterSettle', () => {
  document.querySelector('#upload-said [tabindex]')?.focus();
});
// Another file has not been doubted yet.
form?.addEventListener('change', (event) => {
  if (event.target.type === 'file') document.querySelector('#upload-said').replaceChildren();
});
