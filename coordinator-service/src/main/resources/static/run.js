/** One request: POST /square as a stream of events. What the page adds itself is an event of the page, so that a run is its events. */

/** Splits a text/event-stream, fed in any pieces, into events (WHATWG HTML, 9.2.6). */
export function parser(onEvent) {
  let rest = '';
  let event = '', id = '', data = [];
  const line = text => {
    if (text === '') {
      if (data.length) onEvent({event: event || 'message', id, data: data.join('\n')});
      event = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return;                       // A comment: it keeps the connection alive.
    const name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + (text[colon + 1] === ' ' ? 2 : 1));
    if (name === 'event') event = value;
    else if (name === 'id') id = value;
    else if (name === 'data') data.push(value);
  };
  return piece => {
    rest += piece;
    let from = 0;
    for (;;) {
      const end = rest.slice(from).search(/[\r\n]/);
      if (end < 0) break;
      const at = from + end;
      // A CR at the end of a piece may be half of a CR LF.
      if (rest[at] === '\r' && at === rest.length - 1) break;
      line(rest.slice(from, at));
      from = at + (rest[at] === '\r' && rest[at + 1] === '\n' ? 2 : 1);
    }
    rest = rest.slice(from);
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
      const text = await response.text();
      let problem;
      try {
        problem = parse(text);
      } catch {
        problem = {};
      }
      ofPage('refused', {problem: {status: response.status, title: response.statusText, ...problem}});
      return;
    }
    const feed = parser(({event, data}) => {
      ended ||= event === 'end';
      emit(event, parse(data));
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
