/** What belongs to the reader and not to a run: theme, shortcuts, presentation mode. */
import {say} from './draw.js';

const $ = id => document.getElementById(id);
const root = document.documentElement;

const setting = {
  get: name => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },
  set: (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch { /* Then it does not outlive it. */ }
  },
};

const THEMES = ['system', 'light', 'dark'];

function theme(name) {
  root.dataset.theme = name;
  $('theme-name').textContent = say(`theme-${name}`);
  setting.set('theme', name);
}

export function showKeys() {
  $('keys').showModal();
}

export function present() {
  const on = root.classList.toggle('present');
  $('present').setAttribute('aria-pressed', on);
}

theme(THEMES.includes(setting.get('theme')) ? setting.get('theme') : 'system');
$('keys-on').checked = setting.get('keys') !== 'off';
$('theme').addEventListener('click', () => theme(THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length]));
$('keys-open').addEventListener('click', showKeys);
$('keys-close').addEventListener('click', () => $('keys').close());
$('keys-on').addEventListener('change', () => setting.set('keys', $('keys-on').checked ? 'on' : 'off'));
$('present').addEventListener('click', present);
