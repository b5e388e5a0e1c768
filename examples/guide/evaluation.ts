import { perClass } from 'weft-gpu';
import { data } from './data.js';
import { trainer } from './training.js';

export const { accuracy, loss, confusion } = await trainer.evaluate(); // confusion[label][answer], counted on the GPU
console.log(`${(100 * accuracy).toFixed(1)} % of the test images, loss ${loss.toFixed(3)}`);
console.table(confusion);
console.table(perClass(confusion).classes); // precision, recall, F1

for (const { index, label, answer, confidence } of await trainer.mistakes({ most: 5 })) {
  console.log(`image ${index} is a ${label}, and was taken for a ${answer} with ${(100 * confidence).toFixed(0)} %`);
}

const first = data.test.images.slice(0, 28 * 28);
export const probabilities = await trainer.predict(first); // [1, 10], what the page shows as bars
