/** The controls: what is run, and which step of it is shown. */
import {IPCS, fold, steps as inStep} from './state.js';
import {draw, element, figure, onPick, say, short} from './draw.js';
import {lengthSaid, lengths, list, squaresSaid} from './list.js';
import {path, run as request} from './run.js';
import {read, save} from './saved.js';
import {present, showKeys} from './settings.js';

const $ = id => document.getElementById(id);

/** A run that is over sooner is played slowly; one that took longer has been watched. */
const WATCHED_MILLIS = 1500;
/** Longer lists are asked for without their squares; the first ones are in the evidence. */
const FULL_VIEW = 252;

let about = {lab: false, faults: [], explainMaxLength: 0, pageBytes: 4096};
let shown = {about: null, list: '', guess: null, runs: [null, null, null]};    // What a saved run contains.
let steps = [], step = -1, live = false, playing = null, moving = false, picked = 0, redraw = 0, warned = false;
let controller = new AbortController();

// --- the list ---

function listChanged() {
  const {count, body} = list($('numbers').value.trim());
  $('length-said').textContent = count == null ? '' : lengthSaid(count, about.pageBytes);
  $('guess-squares').textContent = squaresSaid(body, count);
  curl();
}

function query(ipc, fault) {
  const {count} = list($('numbers').value.trim());
  const asked = {ipc};
  if (count > FULL_VIEW) asked.view = 'summary';
  if (!about.lab) return asked;
  if (count == null || count <= about.explainMaxLength) asked.explain = 'true';
  if ($('pace').value > 0) asked.pace = $('pace').value;
  if ($('hold').value > 0) asked.hold = $('hold').value;
  if (fault) asked.fault = fault;
  return asked;
}

function curl() {
  const {body, seq} = list($('numbers').value.trim());
  const json = seq ? `"[$(seq -s, ${seq})]"` : `'${body.replaceAll("'", "'\\''")}'`;
  $('curl-lines').textContent = IPCS.map(ipc =>
    `curl -N '${location.origin}${path(query(ipc))}' -H 'Accept: text/event-stream' --json ${json}`).join('\n');
}

// --- running ---

async function start(ipcs, fault) {
  const guess = document.querySelector('[name=guess]:checked')?.value ?? null;
  if (!guess && !warned && !fault) {
    warned = true;
    notice(say('guess-first'));
    document.querySelector('[name=guess]').focus();
    return;
  }
  stop();
  pause();
  notice('');
  const {text, count, body} = list($('numbers').value.trim());
  const mine = controller = new AbortController();
  const runs = IPCS.map(ipc => ipcs.includes(ipc) ? {ipc, query: query(ipc, fault), count: count ?? 0, events: []} : null);
  shown = {about: {version: about.version, pid: about.pid, workers: about.workers, pageBytes: about.pageBytes}, list: text, guess, runs};
  live = true;
  follow();
  await Promise.all(runs.filter(Boolean).map(run => request(run.query, body, mine.signal, event => {
    run.events.push(event);
    if (event.event === 'received') run.count = event.data.count ?? run.count;
    if (mine === controller && !redraw) redraw = requestAnimationFrame(follow);
  })));
  if (mine !== controller) return;
  cancelAnimationFrame(redraw);
  redraw = 0;
  live = false;
  ready();
  if (real() < WATCHED_MILLIS && !mine.signal.aborted && steps.length > 2) {
    step = 0;
    play();
  } else {
    step = steps.length - 1;
    show();
  }
}

function stop() {
  if (live) controller.abort();
}

/** While it runs: all that has arrived. */
function follow() {
  redraw = 0;
  ready();
  step = steps.length - 1;
  show();
}

// --- stepping ---

const ran = () => shown.runs.filter(Boolean);
const real = () => Math.max(0, ...ran().map(run => run.events.at(-1)?.data.t ?? 0));

function ready() {
  steps = inStep(ran());
  const phases = steps.filter(({phase}, i) => phase !== steps[i + 1]?.phase);
  $('phases').replaceChildren(...phases.map(last => {
    const button = element('button', {type: 'button', 'data-step': steps.indexOf(last)}, last.phase === 'progress' ? say('phase-progress') : last.event);
    button.addEventListener('click', () => go(Number(button.dataset.step)));
    return element('li', {}, button);
  }));
}

function go(to) {
  if (live || !steps.length) return;
  pause();
  step = Math.max(0, Math.min(steps.length - 1, to));
  show();
}

/** How long a step is shown: the steps of squaring share the time of six. */
function delay(at) {
  const speed = Number($('speed').value);
  const squaring = steps.filter(({phase}) => phase === 'progress').length;
  return steps[at].phase === 'progress' && squaring > 6 ? 6 * speed / squaring : speed;
}

function play() {
  if (live || !steps.length) return;
  if (step >= steps.length - 1) step = 0;
  const next = () => {
    playing = null;
    moving = true;
    step++;
    schedule();
    show();
    moving = false;
  };
  const schedule = () => {
    if (step < steps.length - 1) playing = setTimeout(next, delay(step));
  };
  schedule();
  show();
}

function pause() {
  clearTimeout(playing);
  playing = null;
}

// --- showing ---

function show() {
  const at = steps[step]?.at ?? ran().map(() => 0);
  let nth = 0;
  const runs = shown.runs.map(run => {
    if (!run) return null;
    const k = at[nth++];
    return {run, k, state: fold(run.events.slice(0, k))};
  });
  draw({runs, picked, moving, about: shown.about ?? about, pageBytes: (shown.about ?? about).pageBytes, ran: ran().length > 0});
  verdict(runs.filter(Boolean));
  const phase = [...$('phases').querySelectorAll('button')];
  const current = phase.find(button => Number(button.dataset.step) >= step);
  phase.forEach(button => button === current ? button.setAttribute('aria-current', 'step') : button.removeAttribute('aria-current'));
  $('timeline').hidden = steps.length === 0;
  $('stop').hidden = !live;
  $('play').textContent = say(playing ? 'pause' : 'play');
  const blocked = {first: step <= 0, back: step <= 0, play: false, forward: step >= steps.length - 1, last: step >= steps.length - 1};
  for (const [id, off] of Object.entries(blocked)) $(id).setAttribute('aria-disabled', String(live || off));
  $('save-run').disabled = live || steps.length === 0;
  $('took').textContent = took();
}

function took() {
  if (!steps.length) return '';
  const took = real(), lasts = steps.slice(0, -1).reduce((sum, _, i) => sum + delay(i), 0);
  const faster = lasts < took, exact = Math.max(faster ? took / lasts : lasts / Math.max(took, 0.001), 1);
  const two = 10 ** Math.max(0, Math.floor(Math.log10(exact)) - 1);
  const values = {real: figure(took), factor: figure(Math.round(exact / two) * two)};
  return say(live ? 'took-live' : faster ? 'took-faster' : took < WATCHED_MILLIS ? 'took' : 'took-real', values);
}

/** The guess beside the truth, from the step on at which there is an answer. */
function verdict(runs) {
  const told = runs.length === IPCS.length && runs.every(({state}) => state.answer);
  $('verdict').hidden = !told;
  if (!told) return $('verdict').replaceChildren();
  const empty = runs.every(({run}) => run.count === 0);
  const truth = runs.map(({run, state}) => say('truth-one', {name: say(`name-${run.ipc}`), seen: short(state)})).join(', ');
  $('verdict').replaceChildren(element('strong', {}, empty ? '' : say(`guess-${shown.guess ?? 'none'}`)), ' ', say(empty ? 'truth-empty' : 'truth', {truth}));
}

function notice(text) {
  $('notice').hidden = !text;
  $('notice').textContent = text;
}

function pick(index) {
  picked = index;
  show();
}

function panel(id) {
  for (const button of $('tabs').children) {
    const open = button.getAttribute('aria-controls') === id;
    button.setAttribute('aria-expanded', open);
    $(button.getAttribute('aria-controls')).hidden = !open;
  }
}

// --- saved runs ---

async function open(file) {
  const saved = file && await read(file);
  if (!saved) return notice(file ? say('not-a-run') : '');
  stop();
  controller = new AbortController();
  pause();
  live = false;
  shown = saved;
  $('numbers').value = saved.list;
  for (const radio of document.querySelectorAll('[name=guess]')) radio.checked = radio.value === saved.guess;
  notice('');
  listChanged();
  ready();
  step = 0;
  show();
}

// --- controls ---

const labTab = document.querySelector('#tabs [aria-controls=lab]');

function lab() {
  if (labTab.hidden) return;
  if (document.documentElement.classList.contains('present')) present();
  panel('lab');
  $('lab').scrollIntoView();
}

function keys(event) {
  if (!$('keys-on').checked || $('keys').open || event.ctrlKey || event.metaKey || event.altKey) return;
  const {target, key} = event;
  if (target.closest('input:not([type]), select')) return;
  if (key === ' ' && target.closest('button, a, label, input')) return;
  if (/^Arrow|^Home$|^End$/.test(key) && target.closest('[tabindex], input')) return;
  const actions = {
    ' ': () => start(IPCS), 'ArrowLeft': () => go(step - 1), 'ArrowRight': () => go(step + 1), 'Home': () => go(0), 'End': () => go(Infinity),
    '1': () => pick(0), '2': () => pick(1), '3': () => pick(2), 'l': lab,
    'p': present, 'Escape': stop, '?': showKeys,
  };
  const action = actions[key.length === 1 ? key.toLowerCase() : key];
  if (!action) return;
  event.preventDefault();
  action();
}

function on(id, type, action) {
  $(id).addEventListener(type, action);
}

on('form', 'submit', event => {
  event.preventDefault();
  start(IPCS);
});
on('numbers', 'input', listChanged);
on('length', 'input', () => {
  const count = lengths(about.pageBytes, about.explainMaxLength || Infinity)[$('length').value];
  $('numbers').value = count === 4 ? '[1, 2, 3, 4]' : `1..${count}`;
  listChanged();
});
on('stop', 'click', stop);
on('first', 'click', () => go(0));
on('back', 'click', () => go(step - 1));
on('forward', 'click', () => go(step + 1));
on('last', 'click', () => go(Infinity));
on('play', 'click', () => {
  if (!playing) return play();
  pause();
  show();
});
on('speed', 'change', show);
on('save-run', 'click', () => save(shown));
on('open-run', 'change', async () => {
  await open($('open-run').files[0]);
  $('open-run').value = '';
});
for (const [id, word] of [['pace', 'pace-said'], ['hold', 'hold-said']]) {
  const said = () => {
    $(`${id}-said`).textContent = $(id).value > 0 ? say(word, {n: $(id).value}) : say('off');
    curl();
  };
  on(id, 'input', said);
  said();
}
for (const item of $('faults').querySelectorAll('[data-fault]')) {
  item.querySelector('button').addEventListener('click', () => start([IPCS[picked]], item.dataset.fault));
}
for (const button of $('tabs').children) {
  button.addEventListener('click', () => panel(button.getAttribute('aria-controls')));
}
onPick(pick);
document.addEventListener('keydown', keys);

function aboutKnown() {
  const stops = lengths(about.pageBytes, about.explainMaxLength || Infinity);
  $('length').max = stops.length - 1;
  $('version').textContent = about.version ?? '';
  $('where').textContent = about.workers ? say(`where-${about.workers}`, {pid: about.pid}) : '';
  for (const node of document.querySelectorAll('.lab-off')) node.hidden = about.lab;
  for (const node of document.querySelectorAll('.lab-on')) node.hidden = !about.lab;
  for (const item of $('faults').querySelectorAll('[data-fault]')) item.hidden = !about.faults?.includes(item.dataset.fault);
  // With the lab on, and nothing that it could do, there is nothing to show.
  labTab.hidden = about.lab && !about.faults.length;
  for (const item of document.querySelectorAll('.pair-only')) item.hidden = about.workers !== 'worker-service';
  listChanged();
  show();
}

aboutKnown();
try {
  const response = await fetch('/about', {headers: {Accept: 'application/json'}, cache: 'no-store'});
  if (!response.ok) throw new Error(response.statusText);
  about = {...about, ...await response.json()};
} catch {
  notice(say('no-about'));
}
aboutKnown();
document.documentElement.dataset.ready = 'true';
