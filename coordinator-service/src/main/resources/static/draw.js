/** Draws a state. All words are in index.html; all values go in as text, never as HTML. */
import {IPCS, SHOWN, byteRows, mapsLine, pages, ranges} from './state.js';

const $ = id => document.getElementById(id);
const words = Object.fromEntries([...document.querySelectorAll('#words dt')].map(dt =>
  [dt.textContent, dt.nextElementSibling.textContent.replace(/\s+/g, ' ')]));

/** A sentence of index.html, with its places filled. */
export const say = (word, values = {}) => (words[word] ?? word).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '?');

const FIGURES = new Intl.NumberFormat('en', {maximumFractionDigits: 2});       // To make one takes 60 times as long as to use it.
export const figure = value => typeof value === 'string' ? value : FIGURES.format(value ?? 0);
export const many = (n, noun) => say(String(n) === '1' ? `${noun}-count` : `${noun}s-count`, {n: figure(n)});
const time = ms => ms < 1000 ? `${figure(Math.round(ms))} ms` : `${figure(Math.round(ms / 100) / 10)} s`;

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
const mark = (...children) => element('mark', {}, ...children);

export const fieldsOf = root => ({root, ...Object.fromEntries([...root.querySelectorAll('[data-f]')].map(node => [node.dataset.f, node]))});
export const instance = template => fieldsOf($(template).content.firstElementChild.cloneNode(true));

/** What follows a colon is a detail. */
const detailed = text => text.split(/(?=: )/).map((part, i) => i ? element('span', {class: 'detail'}, part) : part);

const columns = IPCS.map((ipc, i) => {
  const column = instance('column');
  column.root.dataset.ipc = ipc;
  column.pick = column.root.querySelector('.pick');
  column.root.querySelector('kbd').textContent = i + 1;
  column.name.textContent = column.phoneName.textContent = say(`name-${ipc}`);
  column.rule.textContent = say(`rule-${ipc}`);
  column.upper.append(...detailed(say(`upper-${ipc}`)));
  column.lower.append(element('span', {}, say('lower')));
  column.where.textContent = say(ipc === 'message-passing' ? 'where-message' : 'where-mapping');
  column.where.classList.toggle('odd', ipc === 'message-passing');
  column.lane.hidden = ipc !== 'message-passing';
  column.holdLines.setAttribute('aria-label', say('hold-label', {name: say(`name-${ipc}`)}));
  $('stage').append(column.root);
  column.proof = instance('proof');
  column.proof.name.textContent = say(`name-${ipc}`);
  column.proof.root.dataset.ipc = ipc;
  $('evidence-runs').append(column.proof.root);
  column.tile = element('button', {type: 'button', 'aria-pressed': 'false'}, element('b', {}, say(`name-${ipc}`)), ' ', element('span'));
  $('summary').append(column.tile);
  return column;
});

/** Calls back with the index of the experiment that a click chooses. */
export const onPick = callback => columns.forEach(({pick, tile}, i) => [pick, tile].forEach(b => b.addEventListener('click', () => callback(i))));

/** @param view.runs a {run, state} an experiment, or null where it was not run; @param view.picked the experiment that is chosen */
export function draw(view) {
  columns.forEach((column, i) => {
    const {run, state} = view.runs[i] ?? {run: null, state: null};
    drawColumn(column, run, state, view);
    drawProof(column.proof, run, state, view);
    const chosen = i === view.picked;
    column.proof.root.classList.toggle('chosen', chosen);
    [column.pick, column.tile].forEach(button => button.setAttribute('aria-pressed', chosen));
  });
  const chosen = view.runs[view.picked] ?? {};
  $('experiments').classList.toggle('alone', view.runs.filter(Boolean).length === 1);
  $('status').textContent = sentence(chosen.run, chosen.state, view);
  ['bytes-of', 'lab-of', 'raw-of'].forEach(id => $(id).textContent = say(`name-${IPCS[view.picked]}`));
  drawBytes(chosen.run, chosen.state);
  drawPrograms(view);
  $('raw').textContent = (chosen.run?.events.slice(0, chosen.k) ?? []).map(({event, data}) =>
    `event: ${event}\ndata: ${JSON.stringify(data).slice(0, 600)}`).join('\n\n');
}

function drawColumn(column, run, state, view) {
  const {ipc} = column.root.dataset;
  const happened = state?.event ? state : null;
  column.root.dataset.event = happened?.event ?? 'idle';
  column.root.className = ['run', column === columns[view.picked] && 'chosen', state?.reported && 'sent', view.moving && 'moving'].filter(Boolean).join(' ');
  column.childPid.textContent = state?.child.pid ?? '';
  column.parentPid.textContent = state?.parent.pid ?? view.about?.pid ?? '';
  flags(column.childFlags, state?.child.evidence?.maps, true);
  flags(column.parentFlags, state?.parent.evidence?.maps, false);
  column.taken.textContent = state?.taken ? takenFine(state.taken, view.about) : '';
  const file = state?.file;
  column.fileName.textContent = !happened || !file ? '' : state.fileExists ? say('file-name', {...file, bytes: figure(file.bytes)}) : say('file-deleted');
  column.file.classList.toggle('gone', Boolean(happened && file && !state.fileExists));
  column.child.classList.toggle('gone', state?.problem?.pid != null);
  const list = run ? pages(state, run.count, view.pageBytes) : [];
  for (const side of ['child', 'parent']) {
    strip(column[`${side}Strip`], list, side);
    column[`${side}Pages`].textContent = pagesSaid(list, side);
  }
  const count = run?.count ?? 0;
  chips(column.childValues, state?.child.values, state?.wrote, count, state?.reported?.sum ?? state?.answer?.childReported.sum);
  chips(column.fileValues, state?.parent.values, state?.sees, count);
  seen(column, state);
  column.clock.textContent = happened ? say('clock', {t: figure(state.t), by: say(`by-${state.by ?? 'parent'}`), event: state.event}) : '';
  column.sentence.textContent = sentence(run, state, view);
  hold(column, run, state, view);
  ending(column, run, state);
}

function flags(node, raw, marked) {
  const line = mapsLine(raw);
  node.replaceChildren(...(line ? [line.mode, marked ? mark(line.flag) : line.flag] : []));
}

const takenFine = (taken, about) => say('taken-fine', {process: taken.process ?? '', ago: ago(taken),
  ppid: taken.ppid ? say(`taken-ppid-${about?.workers ?? 'own'}`, taken) : ''});
const ago = taken => taken.forkedMillisAgo == null ? '' : say('taken-ago', {time: time(taken.forkedMillisAgo)});

function strip(node, list, side) {
  node.classList.toggle('many', list.length > 16);
  node.hidden = list.length === 0 || list.length > 256;
  if (node.hidden) return node.replaceChildren();
  while (node.childElementCount > list.length) node.lastChild.remove();
  while (node.childElementCount < list.length) node.append(element('span', {class: 'cell'}));
  list.forEach((page, i) => {
    const cell = node.children[i], letter = page[side];
    if (cell.dataset.letter !== letter) cell.dataset.letter = cell.textContent = letter;
    cell.classList.toggle('wrote', side === 'child' && page.wrote);
  });
}

/** The strip in words. */
function pagesSaid(list, side) {
  if (!list.length) return '';
  const n = many(list.length, 'page');
  if (!list.some(page => page[side] !== '·')) return say('strip-none', {n});
  const found = ranges(list, page => page[side]);
  return say('strip', {n, ranges: found.map(range => (found.length > 1 ? `${pageRange(range)} ` : '') + say('letter-' + range.value)).join(', ')});
}

const pageRange = ({from, to}) => from === to ? String(from) : `${from}–${to}`;

/** Values where they are known, a filled or an empty box where only their number is. */
function chips(node, values, wrote, count, sum) {
  const known = values ?? null;
  const shown = Math.min(count, SHOWN);
  const made = Array.from({length: shown}, (_, i) => known?.[i] !== undefined
    ? element('span', {class: known[i] === '0' ? 'chip zero' : 'chip'}, known[i])
    : element('span', {class: i < wrote ? 'chip filled' : 'chip empty'}, i < wrote ? '■' : '·'));
  node.replaceChildren(...made.flatMap(chip => [chip, ' ']));
  if (count > shown) node.append(element('span', {class: 'of'}, known ? say('of-count', {n: figure(count)}) : say('written', {wrote: figure(wrote), count: figure(count)})));
  if (sum !== undefined) node.append(' ', sumOf({sum}));
}

const sumOf = ({sum}) => element('span', {class: 'sum'}, say('sum', {sum: figure(sum)}));

function seen(column, state) {
  const node = column.parentValues, observed = state?.observed;
  column.parent.dataset.sees = !observed ? 'unknown' : observed.count ? 'squares' : 'nothing';
  const values = observed?.where === 'message' ? observed.squares : observed?.squares ?? state?.parent.values;
  if (!observed) node.replaceChildren(say(state?.problem || state?.event === 'stopped' ? 'never' : 'not-yet'));
  else if (!observed.count) node.replaceChildren(element('span', {class: 'nothing'}, '[]'), ' ', sumOf(observed));
  else if (values) chips(node, values, observed.count, observed.count, observed.sum);
  else node.replaceChildren(many(observed.count, 'square'), ' ', sumOf(observed));
  column.tile.dataset.sees = column.parent.dataset.sees;
  column.tile.lastChild.textContent = short(state);
}

/** What the parent sees, in a few characters. */
export function short(state) {
  if (state?.problem) return String(state.problem.status ?? '');
  if (!state?.observed) return '…';
  if (!state.observed.count) return '[]';
  const values = state.observed.squares ?? (state.observed.where === 'mapping' ? state.parent.values : null);
  return values && state.observed.count <= 4 ? values.join(' ') : many(state.observed.count, 'square');
}

const orNone = n => String(n) === '0' ? say('none-seen') : figure(n);
const seenOf = state => orNone(state.observed?.count ?? state.sees);

function sentence(run, state, view) {
  if (!run) return say(view.ran ? 'left-out' : view.about?.pid ? 'idle-status' : 'idle-unknown', {pid: view.about?.pid});
  if (!state.event) return say('waiting');
  const {ipc} = run, last = state.last, count = many(last.count ?? 0, state.event === 'received' ? 'number' : 'square');
  switch (state.event) {
    case 'received': return say('received', {parent: last.pid, count});
    case 'taken': return say('taken', {pid: last.pid, ago: ago(last)});
    case 'mapped': return say('mapped', {mode: say(`mode-${ipc}`)});
    case 'progress': return say('progress', {wrote: figure(state.wrote), count: figure(run.count), sees: orNone(state.sees)});
    case 'published': return say('published', {place: say(`place-${ipc}`)});
    case 'reported': return say('reported', {count, sum: figure(last.sum)});
    case 'observed': return say('observed', {where: say(`where-${last.where}`), count, sum: figure(last.sum)});
    case 'result': return say(`result-${last.answer.match}`);
    case 'problem': case 'refused': return say(state.event, last.problem);
    case 'orphaned': return say('orphaned', {...last, adopter: adopter(last)});
    case 'end': return say(`end-${last.outcome}`, {count: many(state.reported?.count ?? 0, 'square'), seen: seenOf(state), ...state.problem});
    case 'cut': return say(last.unreachable ? 'unreachable' : 'cut');
    default: return say(state.event);
  }
}

function hold(column, run, state, view) {
  const held = 1000 * Number(run?.query.hold ?? 0);
  column.hold.hidden = !(held && ['published', 'orphaned'].includes(state.event));
  if (column.hold.hidden) return;
  column.holdSaid.textContent = say('hold', {time: time(held)});
  const inside = view.about?.workers === 'worker-service' ? 'docker compose exec worker ' : '';
  const {pid} = state.child;
  column.holdLines.replaceChildren(...[`cat /proc/${pid}/maps`, `ps -o pid,ppid,comm -p ${pid}`, `kill -9 ${pid}`].flatMap(line =>
    [element('code', {}, inside + line), '\n']));
}

/** How a run has ended that has no answer. */
export function ending(column, run, state) {
  const {problem} = state ?? {}, stopped = state?.event === 'stopped';
  column.ending.hidden = !problem && !stopped;
  if (column.ending.hidden) return;
  column.endingTitle.textContent = problem ? `${problem.status} ${problem.title}` : say('ending-problem');
  column.endingText.textContent = problem?.detail ?? '';
  const facts = problem?.pid != null || stopped ? [
    ['who', say(`who-${stopped ? 'you' : endedBy(problem, run.query.fault)}`)],
    ['signal', stopped || state.orphaned ? null : problem.signal ?? say('none-signal')], ['exit', problem?.exitCode],
    ['after', stopped ? time(state.t) : problem.ranForMillis == null ? null : time(problem.ranForMillis)],
    ['wrote', state.wrote == null ? null : say('written', {wrote: figure(state.wrote), count: figure(run.count)})],
    ['written', problem?.written == null ? null : say('written', {wrote: figure(problem.written), count: figure(run.count)})], ['saw', seenOf(state)],
  ] : [];
  if (problem?.needed != null) facts.push(['needed', say('bytes-unit', {n: figure(problem.needed)})], ['available', say('bytes-unit', {n: figure(problem.available)})]);
  if (state.orphaned) facts.push(['adopted', adopter(state.orphaned)]);
  if (problem?.action) facts.push(['action', problem.action]);
  column.endingFacts.replaceChildren(...facts.filter(([, value]) => value != null).flatMap(([name, value]) =>
    [element('dt', {}, say(`fact-${name}`)), element('dd', {}, String(value))]));
}

const adopter = ({ppid, adoptedBy}) => adoptedBy ? `${adoptedBy}, ${ppid}` : String(ppid);

function endedBy(problem, fault) {
  if (fault === 'orphan') return fault;
  if (fault === 'kill' && problem.signal) return 'lab';
  if (problem.killedByParent) return 'coordinator';
  if (problem.outOfMemory) return 'kernel';
  return problem.signal ? 'other' : 'itself';
}

function drawProof(proof, run, state, view) {
  const {child, parent} = state ?? {child: {}, parent: {}};
  const lines = [mapsLine(child.evidence?.maps), mapsLine(parent.evidence?.maps)];
  [proof.childMaps, proof.parentMaps].forEach((node, i) => {
    const line = lines[i];
    node.replaceChildren(...(line ? [line.head, i === 0 ? mark(line.flag) : line.flag, line.tail] : [say('no-evidence')]));
  });
  for (const side of ['child', 'parent']) {
    const space = side === 'child' && state?.taken?.pidNamespace;
    proof[`${side}Said`].textContent = say(space ? 'proof-child' : 'proof-side', {side: say(`side-${side}`), pid: state?.[side].pid ?? '', space});
  }
  const [a, b] = lines;
  proof.same.textContent = a && b ? say(a.device === b.device && a.inode === b.inode ? 'same' : 'differ', a) : '';
  const figures = [child.evidence?.smapsKb ?? {}, parent.evidence?.smapsKb ?? {}];
  const names = [...new Set(figures.flatMap(Object.keys))];
  proof.smaps.hidden = names.length === 0;
  proof.smaps.tBodies[0].replaceChildren(...names.map(name => element('tr', {class: name}, element('th', {scope: 'row'}, name),
    ...figures.map(side => element('td', {}, side[name] === undefined ? '' : figure(side[name]))))));
  const list = run ? pages(state, run.count, view.pageBytes) : [];
  const read = list.some(page => page.child !== '·' || page.parent !== '·');
  proof.pages.hidden = !read;
  const found = read ? ranges(list, page => page.child + page.parent + page.holds) : [];
  proof.pages.tBodies[0].replaceChildren(...found.map(range => element('tr', {}, element('th', {scope: 'row'}, pageRange(range)),
    element('td', {}, holds(range.page)), ...['child', 'parent'].map(side =>
      element('td', {}, element('span', {class: 'cell', 'data-letter': range.page[side]}, range.page[side]), ' ', say('letter-' + range.page[side]))))));
  proof.unit.textContent = list.some(page => page.child === 'c') ? unit(list) : '';
}

const holds = page => [...page.holds].map(letter => say('holds-' + letter)).join(', ');

function unit(list) {
  const both = list.findIndex(page => page.holds.includes('i') && page.holds.includes('s') && page.child === 'c');
  const alone = ranges(list, page => page.holds === 'i' && page.child !== 'c').filter(range => range.value);
  return [both < 0 ? '' : say('unit-shared-page', {page: both}), ...alone.map(range =>
    say(range.from === range.to ? 'unit-untouched-one' : 'unit-untouched', {pages: pageRange(range)}))].join(' ').trim();
}

function drawBytes(run, state) {
  const [child, parent] = [state?.child.evidence?.bytes, state?.parent.evidence?.bytes];
  const rows = child || parent ? byteRows(child, parent, run.count) : [];
  const known = rows.filter(row => row.known);
  const n = known.flatMap(row => row.differs).filter(Boolean).length;
  $('bytes-said').textContent = !known.length ? say('bytes-none') : n ? say('bytes-differ', {n}) : say('bytes-equal');
  $('bytes-table').parentNode.hidden = rows.length === 0;
  $('bytes-table').tBodies[0].replaceChildren(...rows.map(row => element('tr', {class: row.differs.some(Boolean) ? 'differs' : ''},
    element('th', {scope: 'row'}, String(row.offset)), element('td', {}, row.name),
    ...['child', 'parent'].flatMap(side => [
      element('td', {class: 'hex'}, ...(row[side].hex ?? []).flatMap((byte, i) => [row.differs[i] ? mark(byte) : byte, ' '])),
      element('td', {}, row[side].value ?? '')]),
    element('td', {}, row.known ? say(row.differs.some(Boolean) ? 'unequal' : 'equal') : ''))));
}

function drawPrograms(view) {
  for (const figureNode of document.querySelectorAll('#lecture figure')) {
    const {state} = view.runs[IPCS.indexOf(figureNode.dataset.ipc)] ?? {};
    const event = ['problem', 'refused', 'stopped', 'cut', 'orphaned'].includes(state?.event) ? '' : state?.event ?? '';
    for (const line of figureNode.querySelectorAll('.program code')) {
      const side = ['parent', 'child'].find(name => event && line.dataset[name]?.split(' ').includes(event));
      line.className = side ? `at-${side}` : '';
    }
  }
}
