import { adam, openDevice, Trainer } from 'weft-gpu';
import { openDawn } from 'weft-gpu/node';
import { data, scale } from './data.js';
import { net } from './model.js';

export const device = await openDevice(await openDawn()); // in a page or a Worker: openDevice(navigator.gpu)
export const trainer = await Trainer.open({
  device,
  net,
  data,
  ...scale,
  validation: 500, // held out of the training images; the test images wait for `evaluate`
  optimizer: adam({ rate: 0.002 }), // or sgd({ rate: 0.01, momentum: 0.9 }), adamW, rmsprop, …
  batch: 64,
  seed: 1,
});

for await (const event of trainer.fit({ epochs: 3 })) {
  if (event.type !== 'epoch') continue; // 'steps' tells of every step
  const { epoch, trainLoss, validationLoss, validationAccuracy } = event;
  console.log(epoch, trainLoss, validationLoss, validationAccuracy);
}
