/** Which step of the run is shown: by buttons, by keys, or one after the other. */
import {steps as inStep} from './state.js';
import {element, figure, say} from './draw.js';

const $ = id => document.getElementById(id);

const STEP_MILLIS = 700;
/** A run that is over sooner is played slowly; one that took longer has been watched. */
const WATCHED_MILLIS = 1500;

let runs = [], steps = [], step = -1, playing = null, live = false;
let showStep = () => {};

/** @param callback shows a step: how many events of each run have happened, and whether things move */
export const onStep = callback => showStep = callback;

/** While it runs: all that has arrived. */
export function follow(running) {
  pause();
  set(running, true);
  go(Infinity);
}

/** It is over: it is played if nobody could have followed it. */
export function over(ended, aborted) {
  set(ended, false);
  if (real() >= WATCHED_MILLIS || aborted || steps.length < 3) return go(Infinity);
  step = 0;
  play();
}

/** A run of some other time, at its first step. */
export function opened(saved) {
  set(saved, false);
  go(0);
}

function set(all, isLive) {
  runs = all;
  live = isLive;
  steps = inStep(runs);
  const phases = steps.filter(({phase}, i) => phase !== steps[i + 1]?.phase);
  $('phases').replaceChildren(...phases.map(last => {
    const button = element('button', {type: 'button', 'data-step': steps.indexOf(last)}, last.phase === 'progress' ? say('phase-progress') : last.event);
    button.addEventListener('click', () => move(Number(button.dataset.step)));
    return element('li', {}, button);
  }));
}

function go(to) {
  pause();
  step = Math.max(0, Math.min(steps.length - 1, to));
  show();
}

const move = to => !live && steps.length && go(to);
export const first = () => move(0);
export const back = () => move(step - 1);
export const forward = () => move(step + 1);
export const last = () => move(Infinity);

/** How long a step is shown: the steps of squaring share the time of six. */
function delay({phase}) {
  const squaring = steps.filter(other => other.phase === 'progress').length;
  return phase === 'progress' && squaring > 6 ? 6 * STEP_MILLIS / squaring : STEP_MILLIS;
}

function play() {
  if (step >= steps.length - 1) step = 0;
  const next = () => {
    playing = null;
    step++;
    schedule();
    show(true);
  };
  const schedule = () => {
    if (step < steps.length - 1) playing = setTimeout(next, delay(steps[step]));
  };
  schedule();
  show();
}

function pause() {
  clearTimeout(playing);
  playing = null;
}

/** As it is now, once more. */
export function show(moving = false) {
  showStep(steps[step]?.at ?? runs.map(() => 0), moving);
  const phases = [...$('phases').querySelectorAll('button')];
  const current = phases.find(button => Number(button.dataset.step) >= step);
  phases.forEach(button => button === current ? button.setAttribute('aria-current', 'step') : button.removeAttribute('aria-current'));
  $('play').textContent = say(playing ? 'pause' : 'play');
  const none = live || !steps.length, start = none || step <= 0, end = none || step >= steps.length - 1;
  for (const [id, off] of Object.entries({first: start, back: start, play: none, forward: end, last: end})) $(id).setAttribute('aria-disabled', off);
  $('save-run').disabled = none;
  $('took').textContent = took();
}

const real = () => Math.max(0, ...runs.map(({events}) => events.at(-1)?.data.t ?? 0));

function took() {
  if (!steps.length) return '';
  const took = real(), slower = steps.slice(0, -1).reduce((sum, each) => sum + delay(each), 0) / Math.max(took, 0.001);
  const values = {real: figure(Number(took.toPrecision(3))), factor: figure(Number(slower.toPrecision(2)))};
  return say(live ? 'took-live' : slower < 1 ? 'took-watched' : 'took', values);
}

$('first').addEventListener('click', first);
$('back').addEventListener('click', back);
$('forward').addEventListener('click', forward);
$('last').addEventListener('click', last);
$('play').addEventListener('click', () => {
  if (live || !steps.length) return;
  if (!playing) return play();
  pause();
  show();
});
