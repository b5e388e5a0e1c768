// A run that is broken off and goes on in another process to the very bits that it would have come to.

import { digits, openDevice, Trainer, tutorial } from 'weft-gpu';
import { checkpointFolder, openDawn } from 'weft-gpu/node';

const folder = checkpointFolder('run');
const found = await folder.latest(); // the newest that is whole: a damaged one is passed over
const device = await openDevice(await openDawn());
const trainer = await Trainer.open({
  device,
  net: tutorial(),
  data: digits(),
  ...(found && { resume: found.checkpoint }),
});
console.log(found === undefined ? 'a run begins' : `goes on after step ${trainer.steps}`);
for await (const _ of trainer.fit({ steps: trainer.steps + 50 }));
console.log('saved', await folder.save(await trainer.checkpoint()));
export const { steps } = trainer;
