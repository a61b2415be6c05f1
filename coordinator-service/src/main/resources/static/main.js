/** The controls, and the runs that they start. */
import {IPCS, fold} from './state.js';
import {draw, element, onPick, say, short} from './draw.js';
import {allowed, asked, onFault, query, typed} from './lab.js';
import {lengths} from './list.js';
import {run as request} from './run.js';
import {read, save} from './saved.js';
import {present, showKeys} from './settings.js';
import * as race from './race.js';
import * as timeline from './timeline.js';

const $ = id => document.getElementById(id);

let about = {lab: false, faults: [], explainMaxLength: 0, pageBytes: 4096};
let shown = {about: null, list: '', guess: null, runs: [null, null, null]};    // What a saved run contains.
let picked = 0, redraw = 0, warned = false;
let controller = null;                                                         // Of the run in progress.

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
  notice('');
  const {text, count, body} = typed();
  const mine = controller = new AbortController();
  const runs = IPCS.map(ipc => ipcs.includes(ipc) ? {ipc, query: query(ipc, fault), count: count ?? 0, events: []} : null);
  shown = {about: {version: about.version, pid: about.pid, workers: about.workers, pageBytes: about.pageBytes}, list: text, guess, runs};
  follow();
  await Promise.all(ran().map(run => request(run.query, body, mine.signal, event => {
    run.events.push(event);
    if (event.event === 'received') run.count = event.data.count ?? run.count;
    if (mine === controller && !redraw) redraw = requestAnimationFrame(follow);
  })));
  if (mine === controller) ended(() => timeline.over(ran(), mine.signal.aborted));
}

const ran = () => shown.runs.filter(Boolean);
const stop = () => controller?.abort();

function follow() {
  redraw = 0;
  $('stop').hidden = false;
  timeline.follow(ran());
}

function ended(next) {
  cancelAnimationFrame(redraw);
  redraw = 0;
  controller = null;
  $('stop').hidden = true;
  next();
}

async function open(file) {
  const saved = file && await read(file);
  if (!saved) return notice(file ? say('not-a-run') : '');
  stop();
  shown = saved;
  $('numbers').value = saved.list;
  for (const radio of document.querySelectorAll('[name=guess]')) radio.checked = radio.value === saved.guess;
  notice('');
  asked();
  ended(() => timeline.opened(ran()));
}

// --- showing ---

timeline.onStep((at, moving) => {
  const next = at.values();
  const runs = shown.runs.map(run => {
    const k = run && (next.next().value ?? 0);
    return run && {run, k, state: fold(run.events.slice(0, k))};
  });
  const server = shown.about ?? about;
  draw({runs, picked, moving, about: server, pageBytes: server.pageBytes, ran: ran().length > 0});
  verdict(runs.filter(Boolean));
});

/** The guess beside the truth, from the step on at which there is an answer. */
function verdict(runs) {
  const told = runs.length === IPCS.length && runs.every(({state}) => state.answer);
  $('intro').hidden = told;
  $('verdict').hidden = !told;
  const depends = new Set(runs.map(({state}) => short(state))).size > 1;
  $('verdict').replaceChildren(...told && depends
    ? [element('strong', {}, say(`guess-${shown.guess ?? 'none'}`)), ' ', say('truth')] : [told ? say('truth-same') : '']);
}

function notice(text) {
  $('notice').hidden = !text;
  $('notice').textContent = text;
}

function pick(index) {
  picked = index;
  timeline.show();
}

function panel(id) {
  for (const button of $('tabs').children) {
    const open = button.getAttribute('aria-controls') === id;
    button.setAttribute('aria-expanded', open);
    $(button.getAttribute('aria-controls')).hidden = !open;
  }
}

function lab() {
  if (document.documentElement.classList.contains('present')) present();
  panel('lab');
  $('lab').scrollIntoView();
}

// --- controls ---

function stopAll() {
  stop();
  race.stop();
}

const ACTIONS = {
  ' ': () => start(IPCS), 'ArrowLeft': timeline.back, 'ArrowRight': timeline.forward, 'Home': timeline.first, 'End': timeline.last,
  '1': () => pick(0), '2': () => pick(1), '3': () => pick(2), 'l': lab, 'p': present, 'Escape': stopAll, '?': showKeys,
};

document.addEventListener('keydown', event => {
  if (!$('keys-on').checked || $('keys').open || event.ctrlKey || event.metaKey || event.altKey) return;
  const {target, key} = event;
  if (target.closest('input:not([type])')) return;
  if (key === ' ' && target.closest('button, a, label, input')) return;
  if (/^Arrow|^Home$|^End$/.test(key) && target.closest('[tabindex], input')) return;
  const action = ACTIONS[key.length === 1 ? key.toLowerCase() : key];
  if (!action) return;
  event.preventDefault();
  action();
});

function on(id, type, action) {
  $(id).addEventListener(type, action);
}

on('form', 'submit', event => {
  event.preventDefault();
  start(IPCS);
});
on('length', 'input', () => {
  const count = lengths(about.pageBytes, about.explainMaxLength || Infinity)[$('length').value];
  $('numbers').value = count === 4 ? '[1, 2, 3, 4]' : `1..${count}`;
  asked();
});
on('stop', 'click', stop);
on('save-run', 'click', () => save(shown));
on('open-run', 'change', async () => {
  await open($('open-run').files[0]);
  $('open-run').value = '';
});
for (const button of $('tabs').children) button.addEventListener('click', () => panel(button.getAttribute('aria-controls')));
onPick(pick);
onFault(fault => {
  start([IPCS[picked]], fault);
  $('stage').scrollIntoView();
});

function known() {
  $('length').max = lengths(about.pageBytes, about.explainMaxLength || Infinity).length - 1;
  $('version').textContent = about.version ?? '';
  $('where').textContent = about.workers ? say(`where-${about.workers}`, {pid: about.pid}) : '';
  allowed(about);
  race.allowed(about);
  timeline.show();
}

known();
try {
  const response = await fetch('/about', {headers: {Accept: 'application/json'}, cache: 'no-store'});
  if (!response.ok) throw new Error(response.statusText);
  about = {...about, ...await response.json()};
} catch {
  notice(say('no-about'));
}
known();
document.documentElement.dataset.ready = 'true';
