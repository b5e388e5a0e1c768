// The page: signals in the middle, parts around them, the Worker at the other end of the line.

import { effect } from '@preact/signals-core';
import { createActions } from './actions.js';
import { keepAddress, settingsOf } from './address.js';
import { connect, watchPage, type Connection } from './connection.js';
import { listenToKeys } from './keys.js';
import { keepLanguage } from './language.js';
import { keepLog } from './log.js';
import { mountAdvice } from './parts/advice.js';
import { mountChip } from './parts/chip.js';
import { mountControls } from './parts/controls.js';
import { mountCurves } from './parts/curves.js';
import { mountData } from './parts/data.js';
import { mountEpochs } from './parts/epochs.js';
import { mountFrame } from './parts/frame.js';
import { mountHelp } from './parts/help.js';
import { mountFiles, mountLastRun } from './parts/keeping.js';
import { mountModel } from './parts/model.js';
import { mountFaults, mountNotice } from './parts/notice.js';
import { mountPad } from './parts/pad.js';
import { mountPreview } from './parts/preview.js';
import { mountShare } from './parts/share.js';
import { mountStatus } from './parts/status.js';
import { whenNear } from './near.js';
import { keepMnist, keepPrepared } from './preparing.js';
import type { Reply } from './protocol.js';
import { addFault, blockPage, createState, receive } from './state.js';
import { languageOf, loadWords } from './text/words.js';
import { rememberChoice, watchTab } from './tab.js';
import { keepTheme } from './theme.js';
import { keepTitle } from './title.js';
import { keepAwake, type WakeLocks } from './wake.js';

const place = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no place called ${id}.`);
  return found;
};

const language = languageOf(location.search, navigator.languages);
const given = settingsOf(location.search);
const state = createState(await loadWords(language), language, given.settings);
keepLanguage(state);
keepAddress(state, given);
const themes = keepTheme(place('dark') as HTMLLinkElement, () => localStorage);
watchPage((message) => addFault(state, { code: 'unexpected', message }));

/** Without WebGPU no Worker is started: the notice says why, and the page stays readable. */
function open(): Connection {
  const without: Connection = { send: () => undefined };
  // Absent in browsers without WebGPU, whatever the types say.
  const gpu: GPU | undefined = navigator.gpu;
  if (!isSecureContext) blockPage(state, 'insecure', '');
  else if (gpu === undefined) blockPage(state, 'no-webgpu', '');
  else {
    const take = (reply: Reply): void => receive(state, reply);
    return connect(take, (message) => take({ type: 'fault', fault: { code: 'unexpected', message } }));
  }
  return without;
}

let far = open();
/** To the Worker, or to a recording of one. */
const connection: Connection = { send: (request) => far.send(request) };
const actions = createActions(state, connection);

async function watchInstead(): Promise<void> {
  try {
    const { watchRecorded } = await import('./replay/watch.js');
    far = await watchRecorded(state);
  } catch (error) {
    addFault(state, { code: 'unexpected', message: String(error) });
  }
}

const lines = keepLog(state, () => Date.now());
mountFrame(place('frame'), state, actions, themes);
mountHelp(place('keys') as HTMLDialogElement, state);
mountShare(place('share'), place('shared'), state, navigator);
mountNotice(place('notice'), state, () => void watchInstead());
// Shown, so that a visitor sees what there would be; but nothing in it can be used.
effect(() => {
  place('page').inert = state.block.value !== undefined && state.replay.value === undefined;
});
mountFaults(place('faults'), state, actions);
mountChip(place('chip'), state);
mountLastRun(place('last'), state, actions);
mountStatus(place('status'), state, actions);
mountFiles(place('files'), state, actions);
mountData(place('source'), state, actions);
mountPreview(place('preview'), state);
whenNear(place('normalise'), async () => {
  const { mountExamined } = await import('./parts/examined.js');
  mountExamined(place, state, actions);
});
mountModel(place('layers'), state, actions);
whenNear(place('worked'), async () => {
  const { mountWorked } = await import('./parts/worked.js');
  mountWorked(place('worked'), state, actions);
});
whenNear(place('inside'), async () => {
  const { mountInside } = await import('./parts/inside.js');
  mountInside(place('inside'), state, actions);
});
mountControls(place('controls'), state, actions);
mountAdvice(place('advice'), state, actions);
mountCurves(place('curves'), state, actions);
mountEpochs(place('epochs'), state);
let toggleLog: (() => void) | undefined;
async function useLog(): Promise<void> {
  const { mountLog } = await import('./parts/log.js');
  toggleLog ??= mountLog(place('log-drawer') as HTMLDialogElement, state, lines);
  toggleLog();
}
place('log').addEventListener('click', () => void useLog());
whenNear(place('layer-maps'), async () => {
  const { mountLayers } = await import('./parts/layers.js');
  mountLayers(place('layer-maps'), state, actions);
});
whenNear(place('curves'), async () => {
  const { mountCurveTable } = await import('./parts/curveTable.js');
  mountCurveTable(place('curve-table'), state);
});
whenNear(place('speed'), async () => {
  const { mountSpeed } = await import('./parts/speed.js');
  mountSpeed(place('speed'), state);
});
whenNear(place('finder'), async () => {
  const { mountFinder } = await import('./parts/finder.js');
  mountFinder(place('finder'), state, actions);
});
whenNear(place('matrix'), async () => {
  const { mountEvaluated } = await import('./parts/evaluated.js');
  mountEvaluated(place, state, actions);
});
mountPad(place('pad'), state, actions);
whenNear(place('tuning'), async () => {
  const { mountTuned } = await import('./parts/tuned.js');
  mountTuned(place, state, actions);
});
whenNear(place('kernel-plan'), async () => {
  const { mountKernels } = await import('./parts/kernels.js');
  mountKernels(place, state, actions);
});
listenToKeys(state, actions);
// The chapters were not there yet when the browser looked for the one in the address.
document.getElementById(location.hash.slice(1))?.scrollIntoView();

rememberChoice(state, () => localStorage);
watchTab(document, state, connection);
// Absent in some browsers, whatever the types say.
keepAwake(document, state, (navigator as { readonly wakeLock?: WakeLocks }).wakeLock);
keepTitle(document, state);
keepPrepared(state, connection);
keepMnist(state, connection);

connection.send({ type: 'open' });
