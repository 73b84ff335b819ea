// Optional enhancements. Every page works without this file.
(() => {
  const $ = (s, el = document) => [...el.querySelectorAll(s)];
  // Ordering questions: move rows in place instead of a round trip. The words come with the list.
  addEventListener('click', e => {
    const b = e.target.closest('.order[data-live] button[name=move]');
    if (!b) return;
    e.preventDefault();
    const li = b.closest('li'), list = li.parentElement, words = list.dataset;
    const say = document.getElementById(words.live), up = b.value.endsWith(':up');
    const other = up ? li.previousElementSibling : li.nextElementSibling;
    if (!other) { if (say) say.textContent = up ? words.first : words.last; return; }
    up ? other.before(li) : other.after(li);
    const rows = $('li', list);
    rows.forEach((r, i) => { const s = r.querySelector('select'); if (s) s.value = i + 1; });
    const name = (li.querySelector('a') || li.querySelector('span')).textContent.trim();
    if (say) say.textContent = words.moved.replace('{n}', rows.indexOf(li) + 1)
      .replace('{of}', rows.length).replace('{item}', () => name);
    list.dispatchEvent(new Event('change', { bubbles: true }));
    b.focus();
  });
  // Signing out empties what this device keeps of answers, after a question if some are not sent.
  const kept = () => { try { return Object.keys(localStorage).filter(k => k.startsWith('answers:')); } catch { return []; } };
  $('form[data-unsent]').forEach(f => f.addEventListener('submit', e => {
    if (kept().length && !confirm(f.dataset.unsent)) e.preventDefault();
    else kept().forEach(k => localStorage.removeItem(k));
  }));
  // One open menu at a time; Escape closes it and returns focus.
  const drops = $('details.drop');
  drops.forEach(d => d.addEventListener('toggle', () => {
    if (d.open) drops.forEach(o => o !== d && (o.open = false));
  }));
  addEventListener('keydown', e => {
    if (e.key !== 'Escape') return;
    drops.filter(d => d.open).forEach(d => { d.open = false; d.querySelector('summary').focus(); });
  });
  addEventListener('click', e => drops.forEach(d => d.contains(e.target) || (d.open = false)));
  // A failed form: move focus to the summary.
  document.querySelector('[data-autofocus]')?.focus();
  // Print and copy buttons exist only when scripts run (copying needs https).
  $('[data-print]').forEach(b => { b.hidden = false; b.addEventListener('click', () => print()); });
  if (navigator.clipboard) $('[data-copy]').forEach(b => {
    b.hidden = false;
    b.addEventListener('click', async () => {
      await navigator.clipboard.writeText(b.dataset.copy);
      b.querySelector('span').textContent = b.dataset.done;
    });
  });
})();
