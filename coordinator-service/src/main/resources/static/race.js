/** The fourth experiment: several children, each on a slice of one list, and one sum in the shared memory. */
import {foldRace} from './state.js';
import {element, ending, fieldsOf, figure, instance, many, say} from './draw.js';
import {curl} from './lab.js';
import {list} from './list.js';
import {run as request} from './run.js';

const $ = id => document.getElementById(id);

const MOST_ROWS = 8;

const form = $('race-form'), chosen = form.elements, fields = fieldsOf($('race'));
let controller = null;                                                         // Of the run in progress.
let children = [];                                                             // Of the run that is shown.

const query = () => ({processes: chosen.processes.value, sum: chosen.sum.value, view: 'summary'});

/** Shows what this server allows. */
export function allowed({maxProcesses}) {
  if (maxProcesses) chosen.processes.max = maxProcesses;
  $('race-off').hidden = maxProcesses !== 1;
  form.hidden = maxProcesses === 1;
  asked();
}

export const stop = () => controller?.abort();

/** Says what would be sent. */
function asked() {
  const {processes, sum, count} = chosen;
  $('processes-said').textContent = processes.value;
  $('race-rule').textContent = say(`race-rule-${sum.value}`);
  $('race-curl').textContent = curl(query(), count.value === '4' ? {body: '[1, 2, 3, 4]'} : {seq: count.value});
}

async function start() {
  stop();
  const mine = controller = new AbortController();
  const run = {query: query(), count: Number(chosen.count.value), events: []};
  arrange(Number(run.query.processes), run.count);
  draw(run);
  const body = new Blob([list(`1..${run.count}`).body]);                       // Of a string of 7 MB, developer tools keep a copy each.
  await request(run.query, body, mine.signal, event => {
    run.events.push(event);
    if (mine === controller) draw(run);
  });
  if (mine !== controller) return;
  controller = null;
  draw(run);
  keep(run);
  $('race-run').textContent = say('run-again');
}

/** A box and a slice of the file for each child. */
function arrange(processes, count) {
  children = Array.from({length: processes}, (_, i) => {
    const box = instance('racer'), slice = instance('slice');
    slice.name.textContent = i + 1;
    slice.filled.max = count / processes;
    return {box, slice};
  });
  $('racers').replaceChildren(...children.map(({box}) => box.root));
  $('slices').replaceChildren(...children.map(({slice}) => slice.root));
  fields.file.textContent = say('race-file', {count: many(count, 'number')});
}

function draw(run) {
  const state = foldRace(run.events);
  children.forEach(({box, slice}, i) => {
    const report = state.reports[i], wrote = report?.count ?? state.written[i] ?? 0;
    const pid = report?.pid ?? state.pids[i];
    box.root.classList.toggle('gone', pid !== undefined && pid === state.problem?.pid);
    box.name.textContent = say('race-child', {n: i + 1, pid: pid ? say('race-pid', {pid}) : ''});
    box.slice.textContent = report ? sliceSaid(report) : say('race-slice-of', {n: i + 1, of: children.length});
    box.wrote.textContent = many(wrote, 'square');
    box.own.textContent = report ? say('race-own', {sum: figure(BigInt(report.sum))}) : say('race-own-none');
    if (report?.count) slice.filled.max = report.count;
    slice.filled.value = wrote;
  });
  const {lost, trueSum} = state, known = lost !== null;
  fields.sum.textContent = state.sum === null ? say('race-unknown') : figure(state.sum);
  fields.trueSum.textContent = known ? figure(trueSum) : say('race-unknown');
  fields.lost.textContent = known ? figure(lost) : say('race-unknown');
  $('race').dataset.lost = known ? lost ? 'some' : 'none' : 'unknown';
  const share = known && Number(state.sum * 1000n / trueSum);
  fields.found.value = share || 0;
  fields.share.textContent = known ? say('race-share', {percent: figure(share / 10)}) : '';
  $('race-status').textContent = sentence(run, state);
  $('race-drawing').hidden = state.count === null && ['refused', 'cut', 'stopped'].includes(state.event);
  $('race-stop').hidden = !controller;
  ending(fields, run, state);
}

const sliceSaid = ({from, count}) => count ? say('race-slice', {from: figure(from + 1), to: figure(from + count)}) : say('race-empty');

function sentence(run, {event, lost, problem, last}) {
  if (problem) return say(event === 'refused' ? event : 'problem', problem);
  if (event === 'cut') return say(last.unreachable ? 'unreachable' : event);
  if (event === 'stopped') return say(event);
  if (lost !== null) return say(lost ? 'race-lost' : run.query.sum === 'unsynchronized' ? 'race-luck' : 'race-exact');
  return say(event ? 'race-working' : 'waiting');
}

/** A row of the runs of this visit. */
function keep(run) {
  const {lost, sum, took} = foldRace(run.events);
  if (lost === null) return;
  const names = [...$('race-runs').tHead.rows[0].cells].map(cell => cell.textContent);
  const values = [run.query.sum, run.query.processes, figure(run.count), figure(sum), figure(lost), figure(Math.round(took))];
  const rows = $('race-runs').tBodies[0];
  rows.prepend(element('tr', {}, ...values.map((value, i) => element('td', {'data-name': names[i]}, value))));
  while (rows.rows.length > MOST_ROWS) rows.lastElementChild.remove();
  $('race-runs').hidden = false;
}

form.addEventListener('input', asked);
form.addEventListener('submit', event => {
  event.preventDefault();
  start();
});
$('race-stop').addEventListener('click', stop);
