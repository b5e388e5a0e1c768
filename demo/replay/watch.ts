// Where nothing can be trained: a run that was recorded elsewhere, through the same parts of the page.

import { batch } from '@preact/signals-core';
import type { Connection } from '../connection.js';
import type { Reply } from '../protocol.js';
import { receive, USUAL, type State } from '../state.js';
import { decoded } from './coded.js';
import { Player, type Recording } from './player.js';

/** Loads the recording and begins it. What the page asks from then on is asked of the recording. */
export async function watchRecorded(state: State): Promise<Connection> {
  const response = await fetch(new URL('./recorded.json', import.meta.url));
  if (!response.ok) throw new Error(`The recorded run could not be loaded: ${response.status}.`);
  const recording = decoded(await response.text()) as Recording;
  const tell = (reply: Reply): void => {
    batch(() => {
      receive(state, reply);
      // A setting that came after the recording has its usual value.
      if (reply.type === 'run' && reply.run !== undefined) state.settings.value = { ...USUAL, ...reply.run.settings };
    });
  };
  state.replay.value = { date: recording.date };
  const player = new Player(recording, tell);
  player.send({ type: 'start', settings: state.settings.peek() });
  return player;
}
