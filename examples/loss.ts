// A loss of one's own: the focal loss, which leaves alone what is right already, so that rare and hard images count for more.
// Lin et al. 2017, arXiv 1708.02002, eq. 4, with γ = 2.

import { adam, digits, openDevice, Trainer, tutorial, type Loss } from 'weft-gpu';
import { crossEntropy, exp, mul, neg, shift, square } from 'weft-gpu/lab';
import { openDawn } from 'weft-gpu/node';

/** (1 − p)²·(−ln p) of each image, where p is the probability of its label. The trainer takes the mean. */
const focal: Loss = (output, labels) => {
  const rows = crossEntropy(output, labels, { reduction: 'none' }); // −ln p, [N]
  return mul(square(shift(exp(neg(rows)), -1)), rows);
};

const device = await openDevice(await openDawn());
const data = digits({ train: 4000, test: 500 });
const trainer = await Trainer.open({ device, net: tutorial(), data, optimizer: adam({ rate: 0.003 }), loss: focal });
for await (const event of trainer.fit({ epochs: 2 })) {
  if (event.type === 'epoch') console.log(`focal loss ${event.trainLoss}, ${event.testLoss} on the test images`);
}
export const { accuracy, loss, losses } = await trainer.evaluate(); // losses: the focal loss of each image
