// Attempt pages: the browser asks before an answer that was changed but not saved is left.
(() => {
  const form = document.querySelector('form[data-keep]');
  if (!form) return;
  let changed = false;
  form.addEventListener('input', () => { changed = true; });
  form.addEventListener('change', () => { changed = true; });
  form.addEventListener('submit', () => { changed = false; });
  addEventListener('beforeunload', e => {
    if (!changed) return;
    e.preventDefault();
    e.returnValue = true; // older browsers ask only for this
  });
})();
