/** The list that is squared: a JSON list, which is sent as it is, or a range. */
import {SHOWN, fileBytes, pagesOf} from './state.js';
import {figure, many, say} from './draw.js';

/** The list that a text means: how many numbers, the body of the request, and what `seq` takes to make it. */
export function list(text) {
  const range = /^(-?\d{1,8})\s*\.\.\s*(-?\d{1,8})$/.exec(text)?.slice(1).map(Number);
  if (range && range[0] <= range[1] && range[1] - range[0] < 1e6) {
    const [from, to] = range;
    return {text, count: to - from + 1, body: `[${Array.from({length: to - from + 1}, (_, i) => from + i)}]`, seq: from === 1 ? `${to}` : `${from} ${to}`};
  }
  let count = null;
  try {
    count = JSON.parse(text).length;
  } catch { /* The server says what is wrong with it. */ }
  return {text, count, body: text};
}

/** The squares of a short list; of a long one, their number. */
export function squaresSaid(body, count) {
  const whole = count != null && count <= SHOWN && /^\[[-\s\d,]*\]$/.test(body);
  return whole ? body.match(/-?\d+/g)?.map(n => BigInt(n) ** 2n).join(' ') ?? '[]' : say('all-squares', {n: count == null ? '' : figure(count)});
}

/** The stops of the length slider: lists that fill so many pages, up to what is explained. */
export function lengths(pageBytes, most) {
  const full = [1, 4, 16, 64, 256].map(n => Math.floor((n * pageBytes - fileBytes(0)) / 16));
  return [4, ...full].filter(n => n <= most);
}
export const lengthSaid = (count, pageBytes) => say('length', {count: many(count, 'number'), pages: many(pagesOf(count, pageBytes), 'page')});
