import { adam, digits, openDevice, Trainer, tutorial } from 'weft-gpu';
import { openDawn } from 'weft-gpu/node';

const device = await openDevice(await openDawn()); // in a page or a Worker: openDevice(navigator.gpu)
const trainer = await Trainer.open({ device, net: tutorial(), data: digits(), optimizer: adam() });
for await (const event of trainer.fit({ steps: 100 })) {
  if (event.type === 'steps') console.log(event.steps.at(-1)); // step, epoch, loss, accuracy
}
console.log('on the test images:', (await trainer.evaluate()).accuracy);
export const weights = await trainer.weights(); // conv1.weight [6, 1, 3, 3], …, as PyTorch names and lays them out
