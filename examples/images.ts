// Training on a folder of PNG images, one subfolder a class: node images.js <folder>

import { adam, layers, openDevice, sequential, Trainer } from 'weft-gpu';
import { loadImageFolder, openDawn } from 'weft-gpu/node';

const { conv2d, dense, flatten, maxPool2d, relu } = layers;

const data = await loadImageFolder(process.argv[2] ?? 'images'); // a sixth of each class is held out to test with
const { rows, columns, classes } = data.train;
console.log(data.source);

// A net for images of this size, and as many classes as there are subfolders.
const net = sequential(
  'images',
  [1, rows, columns],
  conv2d(8, 3, { padding: 1 }),
  relu(),
  maxPool2d(2),
  conv2d(16, 3, { padding: 1 }),
  relu(),
  maxPool2d(2),
  flatten(),
  dense(classes),
);

const device = await openDevice(await openDawn());
const trainer = await Trainer.open({ device, net, data, optimizer: adam(), batch: 16 });
for await (const event of trainer.fit({ epochs: 10 })) {
  if (event.type === 'epoch') console.log(event.epoch, event.trainLoss, event.testAccuracy);
}
export const { accuracy, confusion } = await trainer.evaluate();
