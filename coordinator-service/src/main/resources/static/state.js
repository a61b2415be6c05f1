/** What is known after the first k events: state = fold(events[0..k]). Nothing here touches the document, the clock or the network. */

export const IPCS = ['none', 'shared-memory', 'message-passing'];

/** The layout of the file, version 1: a header, the inputs, the squares; 8 bytes each, little-endian. */
const HEADER = 64, WORD = 8;
const FIELDS = [['magic', 0, 8], ['version', 8, 4], ['state', 12, 4], ['count', 16, 8], ['written', 24, 8],
  ['sumLow', 32, 8], ['sumHigh', 40, 8], ['childPid', 48, 8], ['reserved', 56, 8]];
const squaresAt = count => HEADER + WORD * count;
export const fileBytes = count => HEADER + 2 * WORD * count;
export const pagesOf = (count, pageBytes) => Math.ceil(fileBytes(count) / pageBytes);

/** Values that are shown one by one; of a longer list these are the first. */
export const SHOWN = 8;

const START = Object.freeze({
  event: null, t: 0, by: null, last: null, count: null, file: null, fileExists: false,
  child: {evidence: null, values: null}, parent: {evidence: null, values: null},
  taken: null, wrote: 0, sees: 0, reported: null, observed: null, answer: null, problem: null,
  orphaned: null,
});

export const fold = events => events.reduce(apply, START);

function apply(before, {event, data}) {
  const state = {...before, ...withEvidence(before, event, data), event, last: data, t: data.t ?? before.t, by: data.by ?? null};
  switch (event) {
    case 'received':
      return {...state, count: data.count, file: data.file ?? null, fileExists: true, parent: {...state.parent, pid: data.pid}};
    case 'taken':
      return {...state, taken: data, child: {...state.child, pid: data.pid}};
    case 'mapped':
      return {...state, child: {...state.child, pid: data.pid ?? state.child.pid}};
    case 'progress':
      return {...state, wrote: data.childWrote ?? state.wrote, sees: data.parentSees ?? state.sees};
    case 'published':
      return {...state, wrote: state.count};
    case 'reported':
      return {...state, reported: data, wrote: data.count ?? state.wrote, child: {...state.child, pid: data.pid ?? state.child.pid}};
    case 'observed':
      return {...state, observed: data};
    case 'result': {
      const {childReported, parentObserved} = data.answer;
      return {...state, answer: data.answer, wrote: childReported.count,
        child: {...state.child, pid: childReported.pid, values: state.child.values ?? childReported.squares?.slice(0, SHOWN).map(String) ?? null},
        observed: {where: data.answer.ipc === 'message-passing' ? 'message' : 'mapping', ...state.observed,
          count: parentObserved.count, sum: parentObserved.sum, squares: parentObserved.squares?.slice(0, SHOWN).map(String)}};
    }
    case 'problem':
    case 'refused':
      return {...state, problem: data.problem};
    case 'orphaned':
      return {...state, orphaned: data};
    case 'deleted':
      return {...state, fileExists: false};
    default:
      return state;                                // What is only told, and what a later server may add.
  }
}

/** Evidence may hang on any event, and the letters alone on progress. Bytes that are older than the last write are no evidence of it. */
function withEvidence(state, event, data) {
  const stale = event === 'progress' ? {values: null} : {};
  const sides = {child: {...state.child, ...stale}, parent: {...state.parent, ...stale}};
  const {evidence, pages} = data;
  const side = sides[evidence?.readBy ?? data.by];
  if (pages && side) side.evidence = {...side.evidence, pages};
  if (evidence && side) {
    side.evidence = {...evidence, bytes: evidence.bytes ?? side.evidence?.bytes};
    if (evidence.bytes) side.values = squaresIn(evidence.bytes, state.count);
  }
  return sides;
}

/** The squares that the bytes contain, as decimal text, at most {@link SHOWN}; null if there are none among them. */
function squaresIn(bytes, count) {
  const values = [];
  for (let i = 0; i < Math.min(count, SHOWN); i++) {
    const hex = hexAt(bytes, squaresAt(count) + i * WORD, WORD);
    if (!hex) break;
    values.push(decimal(hex));
  }
  return values.length || count === 0 ? values : null;
}

function hexAt(bytes, offset, length) {
  for (const [from, hex] of Object.entries(bytes ?? {})) {
    const at = 2 * (offset - Number(from));
    if (at >= 0 && at + 2 * length <= hex.length) return hex.slice(at, at + 2 * length);
  }
  return null;
}

function decimal(hex) {
  const bytes = hex.match(/../g);
  return String(BigInt.asIntN(4 * hex.length, BigInt('0x' + bytes.reverse().join(''))));
}

/** Both views of the same offsets: a row a field, with which bytes differ. */
export function byteRows(child, parent, count) {
  const offsets = new Map(FIELDS.map(([name, offset, length]) => [offset, {name, length}]));
  for (const bytes of [child, parent]) {
    for (const [from, hex] of Object.entries(bytes ?? {})) {
      for (let at = Math.max(Number(from), HEADER); at + WORD <= Number(from) + hex.length / 2; at += WORD) {
        const index = (at - HEADER) / WORD;
        offsets.set(at, {name: index < count ? `input[${index}]` : `square[${index - count}]`, length: WORD});
      }
    }
  }
  return [...offsets].sort((a, b) => a[0] - b[0]).map(([offset, {name, length}]) => {
    const views = [child, parent].map(bytes => {
      const hex = hexAt(bytes, offset, length);
      return {hex: hex?.match(/../g) ?? null, value: hex === null ? null : name === 'magic' ? text(hex) : decimal(hex)};
    });
    const [a, b] = views;
    const known = a.hex && b.hex;
    return {offset, name, child: a, parent: b, known,
      differs: Array.from({length}, (_, i) => Boolean(known && a.hex[i] !== b.hex[i]))};
  });
}

const text = hex => hex.match(/../g).map(b => String.fromCharCode(parseInt(b, 16))).join('').replace(/[^ -~]/g, '.');

/** A page: what it holds (h header, i inputs, s squares), the letters of both sides, and whether the child has written to it. */
export function pages(state, count, pageBytes) {
  const total = pagesOf(count, pageBytes);
  const start = squaresAt(count), end = start + WORD * (state.wrote ?? 0);
  return Array.from({length: total}, (_, i) => {
    const from = i * pageBytes, to = from + pageBytes;
    const holds = (i === 0 ? 'h' : '') + (from < start && to > HEADER && count ? 'i' : '') + (to > start && count ? 's' : '');
    return {holds, wrote: end > start && from < end && to > start,
      child: state.child.evidence?.pages?.[i] ?? '·', parent: state.parent.evidence?.pages?.[i] ?? '·'};
  });
}

/** Runs of equal pages, for tables and for those who do not see the strip. */
export function ranges(list, key) {
  const found = [];
  list.forEach((page, i) => {
    const value = key(page), last = found.at(-1);
    if (last?.value === value) last.to = i;
    else found.push({value, page, from: i, to: i});
  });
  return found;
}

/** The parts of a raw line of /proc/PID/maps; null if there is none. */
export function mapsLine(raw) {
  const parts = /^(\S+ [r-][w-][x-])([ps])( \S+ (\S+) (\d+).*)$/.exec(raw ?? '');
  return parts && {head: parts[1], flag: parts[2], tail: parts[3], mode: parts[1].slice(-3), device: parts[4], inode: parts[5]};
}

const ORDER = ['received', 'taken', 'mapped', 'progress', 'published', 'reported', 'observed', 'orphaned', 'result', 'unmapped', 'deleted', 'end'];
const ENDINGS = ['problem', 'refused', 'stopped', 'cut'];

/**
 * Brings runs into step: each step says how many events of each run have happened. Equal events share a step, and no run's
 * own order is changed.
 */
export function steps(runs) {
  const keyed = runs.map(({events}) => {
    const seen = {};
    return events.map(({event}) => {
      const name = ENDINGS.includes(event) ? 'result' : event;
      const nth = seen[name] = (seen[name] ?? 0) + 1;
      const rank = ORDER.indexOf(name);
      return {event, name, key: `${name} ${nth}`, rank: (rank < 0 ? ORDER.length : rank) * 1e6 + nth};
    });
  });
  const at = runs.map(() => 0);
  const found = [];
  for (;;) {
    const next = keyed.map((events, i) => events[at[i]]).filter(Boolean);
    if (!next.length) return found;
    const first = next.reduce((a, b) => b.rank < a.rank ? b : a);
    keyed.forEach((events, i) => {
      if (events[at[i]]?.key === first.key) at[i]++;
    });
    found.push({phase: first.name, event: first.event, at: [...at]});
  }
}

const RACE = Object.freeze({
  event: null, t: 0, count: null, pids: [], written: [], reports: [], began: 0, took: 0, sum: null, trueSum: null, lost: null,
  wrote: null, sees: 0, observed: null, orphaned: null, problem: null,
});

/** The same of several children that add to one sum. Sums are BigInts: they outgrow a double. */
export const foldRace = events => events.reduce(applyRace, RACE);

function applyRace(before, {event, data}) {
  const state = {...before, event, last: data, t: data.t ?? before.t};
  switch (event) {
    case 'received':
      return {...state, count: data.count};
    case 'taken':                                  // In the order of the slices; who takes another's place comes behind.
      return {...state, pids: [...state.pids, data.pid], began: state.t};
    case 'progress':
      return {...state, written: data.slices, sees: data.parentSees, sum: BigInt(data.sum)};
    case 'reported':
      return {...state, took: state.t - state.began, reports: Object.assign([...state.reports], {[state.pids.indexOf(data.pid)]: data})};
    case 'result': {
      const {childrenReported, parentObserved, lostUpdates} = data.answer;
      return {...state, reports: childrenReported, trueSum: childrenReported.reduce((sum, child) => sum + BigInt(child.sum), 0n),
        sees: parentObserved.count, sum: BigInt(parentObserved.sum), lost: BigInt(lostUpdates)};
    }
    case 'problem':
    case 'refused':
      return {...state, problem: data.problem};
    default:
      return state;
  }
}
