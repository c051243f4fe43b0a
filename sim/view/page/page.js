'use strict';
(() => {
  const d = JSON.parse(document.getElementById('data').textContent);
  const main = document.querySelector('main'), rows = main.querySelector('.run'), table = rows.querySelector('table');
  const aside = document.querySelector('aside');
  const here = document.querySelector('.here'), object = document.querySelector('.object');
  const map = document.querySelector('.map'), view = map.querySelector('.view'), mark = map.querySelector('.at');
  const last = d.r.length - 1, count = d.l ? d.l.length : d.r[0].r.length;
  const [KIND, COLUMN, TEXT, SITE, ANCHOR, LOCK, TO, BY, OBJECTS] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  let at = -1, held = null, opened = false;

  const word = (r, i) => d.w[r[i]];
  const rowOf = (n, k) => { const i = d.l ? d.l[n][k] : n; return i < 0 ? null : d.r[k].r[i]; };
  const make = (tag, text, cls) => {
    const e = document.createElement(tag);
    if (text) e.textContent = text;
    if (cls) e.className = cls;
    return e;
  };
  const says = (k, r) => {
    let text = word(r, KIND) === 'switch' ? d.r[k].n[r[TO]] + ' goes on' : word(r, TEXT);
    if (word(r, KIND) === 'answer') text = '→ ' + text;
    for (const o of r.slice(OBJECTS)) text += ' ' + d.r[k].o[o][0];
    return word(r, BY) ? text + ', ' + word(r, BY) : text;
  };

  // A line that was left out is made of the data.
  const lineOf = n => {
    const tr = make('tr', '', '');
    tr.id = 'l' + n;
    tr.tabIndex = -1;
    for (let k = 0; k <= last; k++) {
      const r = rowOf(n, k), run = d.r[k];
      if (r && r[COLUMN] < 0) {
        const td = make('td', '', 'c' + run.f + ' elapses');
        td.colSpan = run.n.length;
        td.append(make('div', word(r, TEXT)));
        tr.append(td);
        continue;
      }
      run.n.forEach((name, c) => {
        const td = make('td', '', 'c' + (run.f + c));
        if (r && r[COLUMN] === c) {
          td.append(make('b', k < last ? name + ' (original)' : name, 'w'));
          td.classList.add('k-' + word(r, KIND).replace(' ', ''));
          td.append(cellOf(k, r));
        }
        tr.append(td);
      });
    }
    return tr;
  };
  const cellOf = (k, r) => {
    const div = make('div');
    if (word(r, SITE)) {
      const a = make(word(r, ANCHOR) ? 'a' : 'span', '', 'site');
      word(r, SITE).split('/').forEach((part, i) => i ? a.append('/', make('wbr'), part) : a.append(part));
      if (word(r, ANCHOR)) a.href = '#' + word(r, ANCHOR);
      div.append(a, ' ');
    }
    const kind = word(r, KIND);
    div.append(kind === 'switch' ? make('b', d.r[k].n[r[TO]] + ' goes on', 'switch') : kind === 'call' ?
      make('b', word(r, TEXT)) : (kind === 'answer' ? '→ ' : '') + word(r, TEXT));
    for (const o of r.slice(OBJECTS)) {
      const b = make('button', d.r[k].o[o][0], 'o');
      b.dataset.o = k + '.' + o;
      div.append(' ', b);
    }
    if (word(r, BY)) div.append(' ', make('small', word(r, BY)));
    return div;
  };
  const most = 400;
  const unfold = (tr, n) => {
    const b = tr.querySelector('button[data-from]');
    let from = +b.dataset.from, to = +b.dataset.to;
    const [lo, hi] = to - from <= most ? [from, to] : n === undefined ? [from, from + most] :
      [Math.max(from, n - most / 2), Math.min(to, n + most / 2)];
    const left = (f, t) => {
      const row = tr.cloneNode(true), x = row.querySelector('button');
      x.dataset.from = f;
      x.dataset.to = t;
      x.textContent = '… ' + (t - f) + ' more';
      return row;
    };
    const rows = [];
    if (from < lo) rows.push(left(from, lo));
    for (let i = lo; i < hi; i++) rows.push(lineOf(i));
    if (hi < to) rows.push(left(hi, to));
    if (tr.id) { // they are folded into it
      b.parentNode.remove();
      tr.after(...rows);
    } else tr.replaceWith(...rows);
  };
  const lineAt = n => {
    const tr = document.getElementById('l' + n);
    if (tr) return tr;
    for (const b of table.querySelectorAll('button[data-from]')) {
      if (+b.dataset.from <= n && n < +b.dataset.to) unfold(b.closest('tr'), n);
    }
    return document.getElementById('l' + n);
  };

  // What each goroutine is at, waits for and has, when a line is over.
  const now = n => {
    const run = d.r[last], does = run.n.map(() => null), has = run.n.map(() => new Set());
    let time = '';
    for (let i = 0; i <= n; i++) {
      const r = rowOf(i, last);
      if (!r) continue;
      if (r[COLUMN] < 0) { time = word(r, TEXT); continue; }
      does[r[COLUMN]] = r;
      if (r[LOCK] > 0) has[r[COLUMN]].add(r[OBJECTS]);
      if (r[LOCK] < 0) has[r[COLUMN]].delete(r[OBJECTS]);
    }
    const dl = here.querySelector('dl');
    dl.replaceChildren();
    if (time) dl.append(make('dt', 'time'), make('dd', time.replace('time is ', '')));
    run.n.forEach((name, c) => {
      const r = does[c];
      let text = r ? (word(r, SITE) + ' ' + says(last, r)).trim() : 'has not begun';
      if (r && word(r, KIND) === 'switch') text = word(r, SITE) + ' is stopped ' + word(r, TEXT);
      if (has[c].size) text += ' · holds ' + [...has[c]].map(o => run.o[o][0]).join(', ');
      dl.append(make('dt', name), make('dd', text));
    });
    here.hidden = false;
  };

  const light = anchor => {
    aside.querySelectorAll('.lit').forEach(e => e.classList.remove('lit'));
    const e = anchor && document.getElementById(anchor);
    if (!e) return;
    e.classList.add('lit');
    const s = aside.querySelector('.sources'), box = s.getBoundingClientRect(), line = e.getBoundingClientRect();
    s.scrollTop += line.top - box.top - box.height / 2;
  };
  const follow = anchor => {
    light(anchor);
    const e = document.getElementById(anchor);
    e.tabIndex = -1;
    e.focus({preventScroll: true});
    e.scrollIntoView({block: 'nearest'});
  };
  // A row that is at no line is lit where its goroutine was before.
  const anchorOf = n => {
    const r = mainRow(n), k = rowOf(n, last) ? last : 0;
    for (let i = n; i >= 0 && r[COLUMN] >= 0; i--) {
      const o = rowOf(i, k);
      if (o && o[COLUMN] === r[COLUMN] && word(o, ANCHOR)) return word(o, ANCHOR);
    }
    return '';
  };
  const mainRow = n => rowOf(n, last) || rowOf(n, 0);
  const select = (n, focus = true) => {
    n = Math.max(0, Math.min(count - 1, n));
    const tr = lineAt(n);
    if (!tr) return;
    table.querySelectorAll('tr.on').forEach(e => { e.classList.remove('on'); e.tabIndex = -1; });
    tr.classList.add('on');
    tr.tabIndex = 0;
    at = n;
    now(n);
    light(anchorOf(n));
    mark.setAttribute('y', n / count * map.viewBox.baseVal.height);
    if (focus) {
      tr.focus({preventScroll: true});
      if (opened) main.scrollIntoView({block: 'nearest'}); // at first what is wrong stays in sight
      const box = tr.getBoundingClientRect(), room = rows.getBoundingClientRect();
      const top = room.top + table.tHead.offsetHeight, bottom = Math.min(room.bottom, innerHeight);
      if (box.top < top + 10 || box.bottom > bottom - 10) rows.scrollTop += (box.top + box.bottom - top - bottom) / 2;
      uncut(top, bottom - tr.getBoundingClientRect().bottom);
    }
  };
  // The row that the heads are over in part comes out below them if there is room, else it goes.
  const uncut = (top, room) => {
    const first = [...table.tBodies[0].rows].find(tr => tr.getBoundingClientRect().bottom > top + 1);
    const box = first && first.getBoundingClientRect();
    if (box && box.top < top) rows.scrollTop += top - box.top <= room ? box.top - top : box.bottom - top;
  };
  const switches = step => {
    for (let n = at + step; n >= 0 && n < count; n += step) {
      const r = rowOf(n, last);
      if (r && (word(r, KIND) === 'switch' || n === d.o)) return select(n);
    }
  };

  // All that is done to one object.
  const show = (k, o, pin) => {
    if (held && !pin) return;
    table.querySelectorAll('tr.same').forEach(e => e.classList.remove('same'));
    object.hidden = o < 0;
    if (o < 0) return;
    const [name, sort] = d.r[k].o[o], list = object.querySelector('ol');
    list.replaceChildren();
    let all = 0;
    for (let n = 0; n < count; n++) {
      const r = rowOf(n, k);
      if (!r || !r.slice(OBJECTS).includes(o)) continue;
      document.getElementById('l' + n)?.classList.add('same');
      if (++all > 500) continue;
      const li = make('li'), b = make('button', d.r[k].n[r[COLUMN]] + ' ' + word(r, SITE) + ' ' + word(r, TEXT));
      b.dataset.n = n;
      li.append(b);
      list.append(li);
    }
    object.querySelector('h2').textContent = name + ' (' + sort + '): ' + all + (all === 1 ? ' access' : ' accesses');
  };
  const ofButton = b => b.dataset.o.split('.').map(Number);

  const fold = b => {
    const on = table.classList.toggle('f' + b.dataset.c);
    b.setAttribute('aria-pressed', on);
  };
  document.addEventListener('click', e => {
    const b = e.target.closest('button'), tr = e.target.closest('tbody tr[id]');
    if (b?.dataset.c) return fold(b);
    if (b?.dataset.from) return unfold(b.closest('tr'));
    if (b?.dataset.n) return select(+b.dataset.n);
    if (b?.dataset.o) {
      held = held === b.dataset.o ? null : b.dataset.o;
      show(...(held ? ofButton(b) : [0, -1]), true);
    }
    const link = e.target.closest('a[href^="#"]');
    if (link) {
      e.preventDefault();
      const to = link.getAttribute('href').slice(1);
      if (to[0] === 'l') return select(+to.slice(1));
      if (tr) select(+tr.id.slice(1), false);
      return follow(to);
    }
    if (tr && table.contains(tr)) select(+tr.id.slice(1), !e.target.closest('a, button'));
  });
  for (const on of ['mouseover', 'focusin']) {
    table.addEventListener(on, e => { const b = e.target.closest('.o'); if (b) show(...ofButton(b), false); });
  }
  for (const off of ['mouseout', 'focusout']) {
    table.addEventListener(off, e => { if (e.target.closest('.o')) show(0, -1, false); });
  }
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, textarea')) return;
    const r = at < 0 ? null : mainRow(at), k = r === rowOf(Math.max(at, 0), last) ? last : 0;
    const keys = {
      ArrowDown: () => select(at + 1), j: () => select(at + 1), ArrowUp: () => select(at - 1), k: () => select(at - 1),
      ArrowRight: () => switches(1), ArrowLeft: () => switches(-1), Home: () => select(0), End: () => select(count - 1),
      w: () => select(Math.max(d.o, 0)),
      f: () => r && r[COLUMN] >= 0 && fold(table.querySelector('.fold[data-c="' + (d.r[k].f + r[COLUMN]) + '"]')),
      o: () => document.querySelector('#l' + at + ' .o')?.click(),
      s: () => { const to = at >= 0 && anchorOf(at); if (to) follow(to); },
      Escape: () => { held = null; show(0, -1, true); },
    };
    if (!keys[e.key] || e.target.closest('aside') && e.key.startsWith('Arrow') && !e.target.closest('.n')) return;
    e.preventDefault();
    keys[e.key]();
  });
  map.addEventListener('click', e => {
    const box = map.getBoundingClientRect();
    select(Math.floor((e.clientY - box.top) / box.height * count));
  });
  const window_ = () => { // what of the lines is in sight
    const all = table.getBoundingClientRect(), room = rows.getBoundingClientRect(), height = all.height || 1;
    const lo = Math.max(0, (room.top - all.top) / height), hi = Math.min(1, (room.bottom - all.top) / height);
    const full = map.viewBox.baseVal.height;
    view.setAttribute('y', lo * full);
    view.setAttribute('height', Math.max(0, hi - lo) * full);
  };
  rows.addEventListener('scroll', window_, {passive: true});
  document.body.classList.add('script');
  document.querySelector('.keys').hidden = false;
  const asked = /^#l(\d+)$/.exec(location.hash);
  if (count) select(asked ? +asked[1] : Math.max(d.o, 0));
  opened = true;
  window_();
})();
