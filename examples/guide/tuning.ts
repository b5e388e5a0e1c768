import { adam, augmentations, grid, schedules, sweep } from 'weft-gpu';
import { data, scale } from './data.js';
import { net } from './model.js';
import { device } from './training.js';

const epochs = 3;
const steps = epochs * Math.ceil((data.train.count - 500) / 64);

export let accuracy = NaN;
for await (const event of sweep({
  runs: grid({ rate: [0.002, 0.006], augment: ['none', 'light'] }),
  setup: ({ rate, augment }) => ({
    device,
    net,
    data,
    ...scale,
    validation: 500, // runs are ranked on these
    optimizer: adam({ rate }),
    schedule: schedules.oneCycle({ steps }), // rises to the rate, and falls to nothing
    ...(augment === 'light' && { augment: augmentations.light }), // images vary, each epoch anew
    epochs,
    stopEarly: { patience: 2 },
  }),
})) {
  if (event.type === 'run') console.log(event.run.settings, event.run.loss, event.run.accuracy);
  if (event.type === 'test') accuracy = event.evaluation.accuracy; // the best run, on the test images: once
}
console.log(`${(100 * accuracy).toFixed(1)} % of the test images`);
