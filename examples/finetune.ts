// Fine-tuning: weights that were trained on digits, for fewer classes; what is common to both stays frozen.

import {
  adam,
  digits,
  headOf,
  openDevice,
  pretrained,
  Trainer,
  transferText,
  transferWeights,
  tutorial,
} from 'weft-gpu';
import { openDawn, readBytes } from 'weft-gpu/node';

// The digits 0 to 3 of another hand than the weights have seen.
const hand = digits({ seed: 7, train: 400, test: 200 });
const four = (set: typeof hand.train) => {
  const places = [...set.labels.keys()].filter((i) => (set.labels[i] ?? 0) < 4);
  const pixels = set.rows * set.columns;
  return {
    ...set,
    images: Uint8Array.from(places.flatMap((i) => [...set.images.subarray(i * pixels, (i + 1) * pixels)])),
    labels: Uint8Array.from(places, (i) => set.labels[i] ?? 0),
    count: places.length,
    classes: 4,
  };
};
const data = { ...hand, train: four(hand.train), test: four(hand.test) };

const net = tutorial(4);
const transfer = transferWeights(net, await pretrained({ read: readBytes })); // in a page: pretrained()
console.log(transferText(transfer)); // taken: conv1.weight, …; anew: fc3.weight ([10, 84] among the given, [4, 84] here)

const device = await openDevice(await openDawn());
const trainer = await Trainer.open({
  device,
  net,
  data,
  weights: transfer.weights,
  optimizer: adam({ rate: 0.003 }),
  groups: [
    { match: 'conv*', frozen: true }, // nothing of them is computed backward
    { match: 'fc1.*', rateFactor: 0.1 },
    { match: headOf(net), rateFactor: 2 },
  ],
});
console.log('before:', (await trainer.evaluate()).accuracy);
for await (const event of trainer.fit({ epochs: 4 })) {
  if (event.type === 'epoch') console.log(event.epoch, event.trainLoss, event.testAccuracy);
}
export const { accuracy } = await trainer.evaluate();
