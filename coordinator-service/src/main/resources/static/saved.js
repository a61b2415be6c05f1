/** Saved runs: the events as the server sent them, the list, the guess, and what the page shows of the server. */
import {IPCS, fold} from './state.js';
import {parse} from './run.js';

const FORMAT = 'squares-run', VERSION = 1;

/** Lets the browser download it. */
export function save(shown) {
  const text = JSON.stringify({format: FORMAT, version: VERSION, ...shown}, null, 1);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
  link.download = 'squares-run.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** What {@link save} was given; null if the file is nothing of the kind. */
export async function read(file) {
  try {
    const {format, version, ...saved} = parse(await file.text());
    const usable = format === FORMAT && version === VERSION && saved.runs.length === IPCS.length && saved.about.pageBytes >= 1024
      && typeof saved.list === 'string' && saved.runs.some(run => run?.events.length)
      && saved.runs.every((run, i) => run === null || run.ipc === IPCS[i] && run.count <= 1e7 && run.query);
    if (!usable) return null;
    for (const run of saved.runs) fold(run?.events ?? []);
    return saved;
  } catch {
    return null;
  }
}
