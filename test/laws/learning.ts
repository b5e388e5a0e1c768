import { digits } from '../../src/data/digits.js';
import type { Device } from '../../src/gpu/device.js';
import { dense, embedding, flatten, relu } from '../../src/nn/layers.js';
import { functional } from '../../src/nn/net.js';
import { tutorial } from '../../src/nn/nets.js';
import { initialWeights } from '../../src/nn/weights.js';
import { add } from '../../src/ops/arithmetic.js';
import { constant } from '../../src/ops/constant.js';
import { adam } from '../../src/optim/adam.js';
import type { Optimizer } from '../../src/optim/optimizer.js';
import { sgd } from '../../src/optim/sgd.js';
import { Trainer } from '../../src/train/trainer.js';
import { must, type GpuLaw } from '../support/gpuLaw.js';
import { epochsOf, eventsOf, mustBeSameBits, openTiny, stepsOf } from '../support/runs.js';
import { CLASSES, SIDE, tinySplits } from '../support/tinyData.js';

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A net that sees ten classes for the first time is as good as guessing: a loss of ln 10. */
async function learnDigits(device: Device): Promise<void> {
  const data = digits({ train: 30 * 64, test: 200 });
  using trainer = await Trainer.open({ device, net: tutorial(), data, optimizer: adam({ rate: 0.003 }) });
  const events = await eventsOf(trainer.fit({ epochs: 1 }));
  const losses = stepsOf(events).map(({ loss }) => loss);
  const [first, last] = [meanOf(losses.slice(0, 3)), meanOf(losses.slice(-3))];
  must(Math.abs((losses[0] ?? NaN) - Math.log(10)) < 0.2, () => `the first loss is ${losses[0]}; wanted about ln 10`);
  must(last < 0.65 * first, () => `losses from ${first} to ${last} within ${losses.length} steps`);
  const accuracy = epochsOf(events)[0]?.testAccuracy ?? NaN;
  must(accuracy > 0.5, () => `${accuracy} of the test digits are right; wanted half`);
}

const learnQuadrants = async (device: Device, optimizer: Optimizer): Promise<void> => {
  using trainer = await openTiny(device, { data: tinySplits(128, 64), batch: 16, optimizer });
  const events = epochsOf(await eventsOf(trainer.fit({ epochs: 12 })));
  const accuracy = events.at(-1)?.testAccuracy ?? NaN;
  must(accuracy >= 0.95, () => `${accuracy} of the test images are right after 12 epochs; wanted 0.95`);
};

/** What each row's place has learned is added to the row. */
const placed = () =>
  functional('placed', [1, SIDE, SIDE], (x, apply) => {
    const places = constant(
      x,
      Array.from({ length: SIDE }, (_, row) => row),
      { dtype: 'u32' },
    );
    const rows = add(x, apply(embedding(SIDE, SIDE), places));
    return apply(dense(CLASSES), apply(relu(), apply(dense(16), apply(flatten(), rows))));
  });

async function learnPlaces(device: Device): Promise<void> {
  const learned = async () => {
    const options = { net: placed(), data: tinySplits(128, 64), batch: 16, optimizer: adam({ rate: 0.01 }) };
    using trainer = await openTiny(device, options);
    const events = epochsOf(await eventsOf(trainer.fit({ epochs: 12 })));
    return { accuracy: events.at(-1)?.testAccuracy ?? NaN, weights: await trainer.weights() };
  };
  const [once, twice] = [await learned(), await learned()];
  must(once.accuracy >= 0.95, () => `${once.accuracy} of the test images are right after 12 epochs; wanted 0.95`);
  mustBeSameBits(twice.weights, once.weights, 'weights');
  const began = initialWeights(placed(), 1).get('embed1.weight')?.data ?? [];
  const still = once.weights.get('embed1.weight')?.data.filter((value, i) => value === began[i]).length;
  must(still === 0, () => `${still} elements of the table are as they began`);
}

export const learningLaws: readonly GpuLaw[] = [
  { title: 'the tutorial net learns generated digits within 30 steps', run: learnDigits },
  {
    title: 'the tiny net learns its four classes with sgd',
    run: (device) => learnQuadrants(device, sgd({ rate: 0.05 })),
  },
  {
    title: 'the tiny net learns its four classes with adam',
    run: (device) => learnQuadrants(device, adam({ rate: 0.01 })),
  },
  {
    title: 'a net with a table of places learns its four classes, its table too, to the same bits twice',
    run: learnPlaces,
  },
];
