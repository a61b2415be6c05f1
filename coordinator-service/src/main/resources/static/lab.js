/** What is asked of the server: the list, and what the lab allows. */
import {IPCS} from './state.js';
import {say} from './draw.js';
import {lengthSaid, list, squaresSaid} from './list.js';
import {path} from './run.js';

const $ = id => document.getElementById(id);

/** Longer lists are asked for without their squares; the first ones are in the evidence. */
const FULL_VIEW = 252;

let about = {};

/** The list as it was typed. */
export const typed = () => list($('numbers').value.trim());

export function query(ipc, fault) {
  const {count} = typed();
  const asked = {ipc};
  if (count > FULL_VIEW) asked.view = 'summary';
  if (!about.lab || !fault && count > about.explainMaxLength) return asked;
  asked.explain = 'true';
  for (const id of ['pace', 'hold']) if ($(id).value > 0) asked[id] = $(id).value;
  if (fault) asked.fault = fault;
  return asked;
}

/** The same request from a terminal. A long list is no argument: the kernel takes 128 KiB of one at most. */
export function curl(query, {body, seq}) {
  const line = `curl -N '${location.origin}${path(query)}' -H 'Accept: text/event-stream' --json`;
  return seq ? `echo "[$(seq -s, ${seq})]" | ${line} @-` : `${line} '${body.replaceAll("'", "'\\''")}'`;
}

/** Says what would be sent. */
export function asked() {
  const {body, count, seq} = typed();
  $('length-said').textContent = count == null ? '' : lengthSaid(count, about.pageBytes);
  $('guess-squares').textContent = squaresSaid(body, count);
  for (const id of ['pace', 'hold']) $(`${id}-said`).textContent = $(id).value > 0 ? say(`${id}-said`, {n: $(id).value}) : say('off');
  $('curl-lines').textContent = IPCS.map(ipc => curl(query(ipc), {body, seq})).join('\n');
}

/** Shows what this server allows. */
export function allowed(by) {
  about = by;
  for (const node of document.querySelectorAll('.lab-off')) node.hidden = about.lab;
  for (const node of document.querySelectorAll('.lab-on')) node.hidden = !about.lab;
  for (const node of document.querySelectorAll('.pair-only')) node.hidden = about.workers !== 'worker-service';
  for (const item of $('faults').querySelectorAll('[data-fault]')) item.hidden = !about.faults.includes(item.dataset.fault);
  asked();
}

/** Calls back with the fault that a click chooses. */
export function onFault(callback) {
  for (const item of $('faults').querySelectorAll('[data-fault]')) {
    item.querySelector('button').addEventListener('click', () => callback(item.dataset.fault));
  }
}

for (const id of ['numbers', 'pace', 'hold']) $(id).addEventListener('input', asked);
