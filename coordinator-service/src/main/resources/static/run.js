/** One request: POST /square as a stream of events. What the page adds itself is an event of the page, so that a run is its events. */

/** Splits a text/event-stream, fed in any pieces, into events: lines that end with LF, as the server writes them. Comments keep it alive. */
function parser(onEvent) {
  let rest = '';
  return piece => {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const {event, data} = Object.fromEntries(block.split('\n').map(line => /^(\w*): ?([^]*)$/.exec(line)?.slice(1) ?? []));
      if (data) onEvent(event, parse(data));
    }
  };
}

/** Parses JSON; an integer that a double cannot hold stays the text that the server sent. */
export function parse(text) {
  return JSON.parse(text, (key, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? context.source : value);
}

export const path = query => '/square?' + new URLSearchParams(query);

/**
 * Runs one experiment.
 *
 * @param query the parameters
 * @param body the list as text, sent as it is
 * @param signal ends the request
 * @param onEvent gets {event, data} as they arrive; the last one is `end`, or of the page: `refused`, `cut`, `stopped`
 */
export async function run(query, body, signal, onEvent) {
  const began = performance.now();
  let last = 0, ended = false;
  const emit = (event, data) => {
    last = data.t ?? last;
    onEvent({event, data});
  };
  const ofPage = (event, data) => emit(event, {t: Math.max(last, Math.round(performance.now() - began)), by: 'page', ...data});
  try {
    const response = await fetch(path(query), {
      method: 'POST',
      headers: {'Content-Type': 'application/json', 'Accept': 'text/event-stream'},
      body, signal, cache: 'no-store',
    });
    if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      const problem = await response.text().then(parse).catch(() => ({}));
      return ofPage('refused', {problem: {status: response.status, title: response.statusText, ...problem}});
    }
    const feed = parser((event, data) => {
      ended ||= event === 'end';
      emit(event, data);
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const {done, value} = await reader.read();
      if (done) break;
      feed(value);
    }
    if (!ended) ofPage('cut', {});
  } catch (e) {
    if (!ended) ofPage(signal.aborted ? 'stopped' : 'cut', signal.aborted ? {} : {unreachable: last === 0 && e instanceof TypeError});
  }
}
