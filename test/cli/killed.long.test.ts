import { uniform } from '../../src/core/random.js';
import { it } from 'vitest';
import { temporaryFolder } from '../node/temporaryFolder.js';
import { mustSurvive } from './killed.js';
import { idxFolder } from './weft.js';

const path = temporaryFolder();

it('a kill -9 at 100 random moments leaves 100 runs that can go on', async () => {
  const data = await idxFolder(path('data'));
  for (let i = 0; i < 100; i++) await mustSurvive(data, path(`run-${i}`), 2 + Math.floor(uniform(1, 0, i) * 30));
}, 1_800_000);
