// Attempts: every answer is kept on this device at once and sent; the line says what is true.
// Without this file the form of each question saves. Answers wait in localStorage under
// answers:<person>:<attempt>:<question> until the server has them in its database.
(() => {
  // The browser asks before an answer that was changed but not saved is left.
  const plain = document.querySelector('form[data-keep]');
  if (plain) {
    let changed = false;
    for (const type of ['input', 'change']) plain.addEventListener(type, () => { changed = true; });
    plain.addEventListener('submit', () => { changed = false; });
    addEventListener('beforeunload', e => {
      if (!changed) return;
      e.preventDefault();
      e.returnValue = true; // older browsers ask only for this
    });
  }
  const page = document.querySelector('[data-attempt]');
  if (!page) return;
  const info = page.dataset, $ = s => page.querySelector(s);
  const prefix = `answers:${info.person}:${info.attempt}:`;
  const device = crypto.getRandomValues(new Uint32Array(2)).reduce((s, n) => s + n.toString(36), '').slice(0, 16);
  const own = new Map(); // what this page keeps where the device keeps nothing
  const parked = new Set(); // answers that the server refuses as they are
  let disk = true, seen = +info.sequence, here = +info.number, end = null, until = info.until;
  let busy = null, wait = 0, pause, open = true, token, sentAny = false;

  // What waits
  const key = n => prefix + n;
  const name = entry => `${entry.s} ${entry.d}`;
  function waiting() {
    const found = new Map(own);
    try {
      for (let i = 0; i < localStorage.length; i++) {
        const k = localStorage.key(i);
        if (k.startsWith(prefix)) found.set(+k.slice(prefix.length), JSON.parse(localStorage.getItem(k)));
      }
    } catch { disk = false; }
    return found;
  }
  function put(n, entry) {
    try { localStorage.setItem(key(n), JSON.stringify(entry)); own.delete(n); disk = true; }
    catch { own.set(n, entry); disk = false; }
  }
  function drop(n, entry) {
    const now = waiting().get(n);
    if (!now || name(now) !== name(entry)) return; // it was changed while it travelled
    own.delete(n);
    try { localStorage.removeItem(key(n)); } catch { /* nothing is there */ }
  }
  function keep(form) {
    const all = waiting(), n = +form.dataset.sheet;
    for (const one of all.values()) seen = Math.max(seen, one.s);
    const values = new URLSearchParams(new FormData(form));
    for (const k of ['csrf_token', 'sequence', 'do', 'move']) values.delete(k);
    put(n, { s: ++seen, d: device, v: values.toString() });
    parked.delete(n);
    form.dataset.held = '';
  }

  // The line
  let trouble = false; // heard by screen readers: what went wrong, and once that it is right again
  function say(text) {
    const to = $('[data-say]');
    if (to && to.textContent !== text) to.textContent = text;
  }
  function show(which, text) {
    for (const one of page.querySelectorAll('[data-line]')) {
      one.hidden = one.dataset.line !== which;
      if (!one.hidden) one.lastElementChild.textContent = text;
    }
  }
  function unsaved(why) {
    const many = waiting().size, said = disk ? info.unsaved.split('|')[Math.max(many, 1) - 1] : info.page;
    const text = why ? `${said}. ${why}` : said;
    show('unsaved', text);
    say(text);
    trouble = true;
  }
  function signIn() {
    unsaved(info.out);
    const line = $('[data-line=unsaved]'), a = document.createElement('a');
    if (!line) return;
    a.href = '/sign-in?next=' + encodeURIComponent(location.pathname);
    a.textContent = info.out;
    line.lastElementChild.replaceChildren(info.unsaved.split('|')[Math.max(waiting().size, 1) - 1] + '. ', a);
  }

  // Sending, one at a time
  async function post(n, entry) {
    const body = new URLSearchParams(entry.v);
    body.set('number', n); body.set('sequence', entry.s); body.set('device', entry.d);
    body.set('csrf_token', token || document.querySelector('[name=csrf_token]').value);
    const signal = AbortSignal.timeout ? AbortSignal.timeout(15000) : undefined;
    const answer = await fetch(info.base + 'answers', { method: 'POST', body, redirect: 'manual', keepalive: entry.v.length < 20000, signal });
    if (answer.type === 'opaqueredirect' || answer.status === 403) return 'out';
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return 'later';
    if (answer.status === 409) {
      const said = await answer.json();
      drop(n, entry);
      open = false;
      show('unsaved', said.over); say(said.over);
      return 'done';
    }
    if (!answer.ok) {
      parked.add(n);
      const said = answer.status === 422 ? (await answer.json()).wrong : '';
      unsaved(said);
      return 'parked';
    }
    const said = await answer.json();
    drop(n, entry);
    sentAny = true;
    learn(said);
    marks(n, said.answered, said.flagged);
    if (!waiting().size) {
      const note = !said.kept ? info.newer : said.doubt || (said.elsewhere ? info.elsewhere : '');
      if (said.late || note) { show('unsaved', said.late ? info.late : note); say(note || info.late); }
      else {
        const text = info.saved.replace('{time}', said.saved);
        show('saved', text);
        if (trouble) say(text);
        trouble = false;
      }
    }
    return 'done';
  }
  function send() { // gives whether nothing waits any more
    clearTimeout(pause);
    busy = busy || (async () => {
      await null; // so that `busy` is set before it can be emptied
      try {
        for (;;) {
          const next = [...waiting()].find(([n]) => !parked.has(n));
          if (!next) break;
          show('saving', info.saving);
          const how = await post(...next);
          if (how === 'out' && !(await renewed())) { signIn(); return false; }
          if (how === 'later') throw new Error(how);
        }
        wait = 0;
        if (!open) over();
        return !waiting().size;
      } catch { // no connection, or a server that cannot
        wait = Math.min(wait * 2 || 1, 30);
        unsaved();
        pause = setTimeout(send, wait * 1000);
        return false;
      } finally { busy = null; }
    })();
    return busy;
  }
  async function renewed() { // signed in again on another page: its token serves here, too
    const answer = await fetch(info.base + 'time', { redirect: 'manual' }).catch(() => null);
    if (!answer || !answer.ok) return false;
    const fresh = (await answer.json()).token, same = fresh === (token || document.querySelector('[name=csrf_token]').value);
    token = fresh;
    for (const one of document.querySelectorAll('[name=csrf_token]')) one.value = fresh;
    return !same;
  }
  function learn(said) {
    seen = Math.max(seen, said.sequence || 0);
    if (said.left !== null) {
      if (until && said.until > until && said.open) say(info.more.replace('{time}', said.until));
      until = said.until;
      end = performance.now() + said.left;
    }
    if (!said.open) open = false;
  }

  // What the officer does
  function touched(e, delay) {
    const form = e.target.closest('[data-sheet]');
    if (!form) return;
    keep(form);
    clearTimeout(pause);
    if (!busy) { show('saving', info.saving); pause = setTimeout(send, wait ? wait * 1000 : delay); }
    else busy.then(() => { if (!wait) send(); });
    if (wait) unsaved();
  }
  page.addEventListener('input', e => touched(e, 800));
  page.addEventListener('change', e => touched(e, 0));
  const sheets = new Map();
  const first = $('[data-sheet]');
  if (first) sheets.set(here, first);
  async function leave(to) { // only with everything on the server, for other pages ask there
    if (await send()) location.href = to;
    else if (open && !parked.size) unsaved(info.wait);
  }
  function go(n, push = true) {
    if (n > +info.count) return leave(info.base + 'check');
    const sheet = sheets.get(n);
    if (!sheet) return leave(info.base + n);
    $('[data-sheet]').replaceWith(sheet);
    here = n;
    if (push) history.pushState(n, '', info.base + n);
    document.title = document.title.replace(/^.*(?= – )/, info.title.replace('{n}', n));
    const back = document.querySelector('main').previousElementSibling?.querySelector('a');
    if (back) {
      back.href = n > 1 ? info.base + (n - 1) : info.unit;
      back.lastElementChild.textContent = n > 1 ? info.back.replace('{n}', n - 1) : info.start;
    }
    for (const a of page.querySelectorAll('.steps a')) {
      if (a.pathname === info.base + n) a.setAttribute('aria-current', 'step');
      else a.removeAttribute('aria-current');
    }
    const heading = sheet.querySelector('h1');
    heading.tabIndex = -1;
    heading.focus();
    scrollTo(0, 0);
    send();
  }
  function marks(n, answered, flagged) {
    const a = [...page.querySelectorAll('.steps a')].find(one => one.pathname === info.base + n);
    if (!a) return;
    a.classList.toggle('done', answered);
    a.classList.toggle('flag', flagged);
    a.lastElementChild.textContent = `, ${answered ? info.answered : info.empty}${flagged ? ', ' + info.marked : ''}`;
  }
  page.addEventListener('submit', async e => {
    const form = e.target, does = e.submitter;
    if (form.hasAttribute('data-last') && waiting().size) { // hand in only what is whole
      e.preventDefault();
      if (await send()) form.submit(); else unsaved(info.wait);
    }
    if (!form.dataset.sheet || does?.name === 'move') return;
    e.preventDefault();
    if (!('held' in form.dataset)) keep(form);
    if (does?.value === 'leave') return leave(info.unit);
    if (!('forward' in info)) return go(here + 1);
    if (await send()) {
      const next = document.createElement('input');
      Object.assign(next, { type: 'hidden', name: 'do', value: 'next' });
      form.append(next);
      form.submit();
    } else if (!parked.size) unsaved(info.wait);
  });
  addEventListener('click', e => {
    const a = e.target.closest('a');
    if (!a || e.ctrlKey || e.metaKey || e.shiftKey || !first || 'forward' in info || a.origin !== location.origin) return;
    const n = a.pathname.startsWith(info.base) ? +a.pathname.slice(info.base.length) : 0;
    if (n) { e.preventDefault(); go(n); }
    else if (a.pathname === info.base + 'check') { e.preventDefault(); leave(a.href); }
  });
  addEventListener('popstate', e => { if (first) go(e.state || +info.number, false); });
  addEventListener('online', () => { wait = 0; send(); });
  addEventListener('offline', () => { if (waiting().size) unsaved(); });
  addEventListener('focus', () => { if (waiting().size) send(); });
  addEventListener('pagehide', () => { for (const [n, entry] of waiting()) if (!parked.has(n)) post(n, entry).catch(() => {}); });

  // All questions are fetched once, without their keys: then the way through them needs no network
  function fetchSheets() {
    const asked = new XMLHttpRequest();
    asked.open('GET', info.base + 'questions');
    asked.responseType = 'document';
    asked.onload = () => {
      for (const form of asked.response?.querySelectorAll('[data-sheet]') || []) {
        const n = +form.dataset.sheet;
        if (!sheets.has(n)) sheets.set(n, document.adoptNode(form));
      }
    };
    asked.onerror = () => setTimeout(fetchSheets, 10000);
    asked.send();
  }
  if (first && !('forward' in info)) { history.replaceState(here, ''); fetchSheets(); }

  // The time that the server counts
  function over() { if (!('over' in info)) location.href = info.base + 'result'; }
  if (info.left) {
    const box = $('[data-timer]'), clock = $('[data-clock]'), words = info.minutes.split('|');
    const steps = [600, 300, 60, 30];
    let said = steps.filter(one => info.left / 1000 <= one).length, finished = false;
    end = performance.now() + +info.left;
    box.hidden = false;
    const left = () => Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const written = s => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
    setInterval(() => {
      const now = left();
      if (box.open) clock.textContent = written(now);
      const passed = steps.filter(one => now <= one).length;
      if (passed > said && now) say(words[passed - 1]);
      said = passed;
      if (now) finished = false;
      else if (!finished) {
        finished = true;
        show('unsaved', info.late);
        say(info.late);
        const last = document.createElement('form');
        last.method = 'post';
        last.action = info.base + 'check';
        last.append(document.querySelector('[name=csrf_token]').cloneNode());
        document.body.append(last);
        send().then(done => { if (done && !('survey' in info)) last.submit(); });
      }
    }, 1000);
    box.addEventListener('toggle', () => { if (box.open) { clock.textContent = written(left()); say(written(left())); } });
    setInterval(() => fetch(info.base + 'time', { redirect: 'manual' })
      .then(a => a.ok && a.json()).then(a => { if (a) { learn(a); if (!a.open) send().then(over); } }).catch(() => {}), 15000);
  }

  // What an earlier page could not send goes now. A page that is over wipes what is left.
  if ('over' in info) {
    send().then(() => { for (const [n, entry] of waiting()) drop(n, entry); });
  } else if (waiting().size) {
    send().then(done => { if (done && sentAny && open) location.reload(); });
  }
})();
