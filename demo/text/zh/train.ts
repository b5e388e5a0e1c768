// Chapter Train, in 中文.

import type { TrainWords } from '../en/train.js';

export const train: TrainWords = {
  settings: '训练设置',
  optimizer: '优化器',
  optimizers: { adam: 'Adam', sgd: 'SGD，动量 0.9' },
  numbers: { rate: '学习率', batch: '批大小', epochs: '轮数', seed: '随机种子' },
  pauseHidden: '标签页不在前台时暂停',
  outdated: '设置已更改：下次将重新开始训练。',
  loss: '损失',
  accuracy: '准确率',
  train: '训练',
  test: '测试',
  noStep: '还没有开始。',
  trained: (first, firstStep, last, lastStep) => `训练：第 ${firstStep} 步 ${first}，第 ${lastStep} 步 ${last}。`,
  tested: (value, epoch) => `测试：第 ${epoch} 轮后 ${value}。`,
  epochs: '各轮结果',
  epochTable: {
    caption: '每一轮之后的损失和准确率',
    epoch: '轮次',
    training: '训练集',
    test: '测试集',
    loss: '损失',
    right: '准确率',
    rate: '张/秒',
    seconds: '秒',
    best: '，目前最好',
    none: '训练集每看完一遍，这里就多一行。',
  },
};
