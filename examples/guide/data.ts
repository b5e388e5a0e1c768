import { digits } from 'weft-gpu';

export const data = digits({ train: 4000, test: 1000 }); // or loadMnist(), or loadImageFolder('my-images')
const { images, labels, classes } = data.train; // bytes [count, rows, columns], 0 is paper; a class for each

const level = (of: (byte: number) => number) => images.reduce((sum, byte) => sum + of(byte), 0) / images.length;
const mean = level((byte) => byte / 255);
const std = Math.sqrt(level((byte) => (byte / 255 - mean) ** 2));
export const scale = { mean, std }; // MNIST's are 0.1307 and 0.3081, and the defaults

export const balance = Array.from({ length: classes }, (_, k) => labels.filter((label) => label === k).length);
console.log(data.source, scale, balance);
