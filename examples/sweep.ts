// Learning rates tried one after the other, ranked on images held out of the training set.

import { digits, grid, openDevice, sgd, sweep, tutorial } from 'weft-gpu';
import { openDawn } from 'weft-gpu/node';

const device = await openDevice(await openDawn());
const data = digits({ train: 1280, test: 200 });
export const losses = new Map<number, number | undefined>();
export let accuracy: number | undefined;
for await (const event of sweep({
  runs: grid({ rate: [0.001, 0.03, 1e6] }),
  setup: ({ rate }) => ({ device, net: tutorial(), data, validation: 200, optimizer: sgd({ rate }), epochs: 2 }),
})) {
  if (event.type === 'run') {
    const { settings, loss, failed } = event.run;
    losses.set(settings.rate, loss);
    console.log(settings.rate, failed?.code ?? loss); // a rate that diverges is a result, too
  } else if (event.type === 'test') {
    accuracy = event.evaluation.accuracy; // the test set is touched once, by the best
    console.log('best rate:', event.run.settings.rate, 'on the test images:', accuracy);
  }
}
