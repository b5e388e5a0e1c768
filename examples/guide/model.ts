import { layers, sequential, summaryText } from 'weft-gpu';

const { conv2d, dense, flatten, maxPool2d, relu } = layers;

export const net = sequential(
  'mine',
  [1, 28, 28], // channels, rows, columns
  conv2d(6, 3), // [6, 26, 26]
  relu(),
  maxPool2d(2), // [6, 13, 13]
  conv2d(16, 3), // [16, 11, 11]
  relu(),
  maxPool2d(2), // [16, 5, 5]
  flatten(), // [400]
  dense(120),
  relu(),
  dense(84),
  relu(),
  dense(10), // a logit for each class; the loss takes its softmax
);
console.log(summaryText(net)); // shapes, parameters, multiply-adds and bytes of each layer
