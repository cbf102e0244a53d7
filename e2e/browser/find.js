// Finds what a person would: by the words that she sees. Each search answers {X, Y, Kind} in the middle of the thing, scrolled
// into view, or {Why, Others}.
const norm = s => (s || '').replace(/\s+/g, ' ').trim();
const shown = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
const labelled = e => norm([...(e.labels || [])].map(l => l.textContent).join(' ')) ||
  norm((e.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id)?.textContent || '').join(' '));
const nameOf = e => norm(e.getAttribute('aria-label')) || labelled(e) || norm(e.innerText) || norm(e.value) || norm(e.title);

// The rows that show the words, the smallest first; the whole page without words.
const depth = e => { let n = 0; for (; e; e = e.parentElement) n++; return n; };
const rows = words => !words ? [document] :
  [...document.querySelectorAll('tr, li, article, section, fieldset, form, dialog, details, [role=row], [role=group]')]
    .filter(e => shown(e) && norm(e.innerText).includes(words)).sort((a, b) => depth(b) - depth(a));

// The first that fits best: the same words, then words that begin so, then words that hold them.
const best = (list, words, names) => {
  for (const fits of [(n, w) => n === w, (n, w) => n.startsWith(w), (n, w) => n.includes(w)])
    for (const e of list) if (names(e).some(n => n && fits(n, words))) return e;
  return null;
};
const among = (row, css, words, names, seen) => {
  let others = [];
  for (const r of rows(row)) {
    const list = [...r.querySelectorAll(css)].filter(e => seen(e) && !e.disabled && !e.closest('[inert]'));
    const hit = best(list, words, names);
    if (hit) return [hit, ''];
    others = others.concat(list);
  }
  return [null, [...new Set(others.map(e => names(e)[0]))].join(' | ')];
};

// The middle of a thing, once nothing lies over it.
const reach = (e, kind) => {
  e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  const box = [...e.getClientRects()].find(r => r.width > 0 && r.height > 0);
  if (!box) return {Why: 'it is not shown', Others: ''};
  const X = box.x + box.width / 2, Y = box.y + box.height / 2;
  const over = document.elementFromPoint(X, Y);
  if (!over || !(e === over || e.contains(over) || over.contains(e) && over.matches('label, a, button')))
    return {Why: 'something lies over it: ' + (over ? over.outerHTML.slice(0, 120) : 'the edge of the window'), Others: ''};
  return {X, Y, Kind: kind, Why: '', Others: ''};
};

const clickable = (row, words) => {
  const css = 'a[href], button, summary, label, input[type=submit], input[type=button], [role=button], [role=tab], [role=menuitem], [role=option]';
  const [hit, others] = among(row, css, words, e => [nameOf(e)], shown);
  return hit ? reach(hit, 'click') : {Why: 'there is no such button or link', Others: others};
};

const field = (row, label, value) => {
  const names = e => [labelled(e) || norm(e.getAttribute('aria-label')), norm(e.name), norm(e.placeholder)];
  const boxes = e => e.type === 'radio' || e.type === 'checkbox';
  const [e, others] = among(row, 'input:not([type=hidden]), select, textarea, [contenteditable=true]', label, names, e => shown(e) || boxes(e));
  if (!e) return {Why: 'there is no such field', Others: others};
  if (boxes(e)) {
    if (e.checked === (value !== 'no')) return {X: 0, Y: 0, Kind: 'set', Why: '', Others: ''};
    return reach(shown(e) && e.getBoundingClientRect().width > 1 ? e : e.labels[0], 'check');
  }
  const tell = () => ['input', 'change'].forEach(n => e.dispatchEvent(new Event(n, {bubbles: true})));
  if (e.tagName === 'SELECT') {
    const o = best([...e.options], value, o => [norm(o.textContent), o.value]);
    if (!o) return {Why: 'it has no such option', Others: [...e.options].map(o => norm(o.textContent)).join(' | ')};
    e.value = o.value; tell();
    return {X: 0, Y: 0, Kind: 'set', Why: '', Others: ''};
  }
  if (/^(date|time|datetime-local|month|week|color|range|number)$/.test(e.type)) {
    e.focus(); e.value = value; tell();
    return e.value === value ? {X: 0, Y: 0, Kind: 'set', Why: '', Others: ''} : {Why: 'it does not take ' + value, Others: ''};
  }
  const there = reach(e, 'text');
  if (there.Why) return there;
  e.focus();
  if (e.select) e.select();
  if (e.value && !value) { e.value = ''; tell(); }
  return there;
};
