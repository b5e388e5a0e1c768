// Chapter Train, in 中文.

import type { TrainWords } from '../en/train.js';

export const train: TrainWords = {
  settings: '训练设置',
  optimizer: '优化器',
  optimizers: { adam: 'Adam', adamW: 'AdamW', sgd: 'SGD' },
  numbers: {
    rate: '学习率',
    momentum: '动量',
    weightDecay: '权重衰减',
    clip: '梯度裁剪',
    batch: '批大小',
    epochs: '轮数',
    seed: '随机种子',
  },
  atOnce: '立刻生效，训练中也可以改',
  nextRun: '下次训练时生效',
  restart: '需重新开始',
  restartToApply: '重新开始训练后才会生效',
  scheduleShape: (first, most, last) => `学习率在整个训练中的变化：从 ${first} 开始，最高 ${most}，最后为 ${last}。`,
  schedule: '学习率调度',
  schedules: { constant: '不变', step: '阶梯：每过三分之一降为十分之一', cosine: '余弦', oneCycle: '单周期' },
  heldOut: '留作验证',
  heldOuts: { none: '不留', tenth: '十分之一', fifth: '五分之一' },
  pauseHidden: '标签页不在前台时暂停',
  outdated: '设置已更改：下次将重新开始训练。',
  epochs: '各轮结果',
  epochTable: {
    caption: '每一轮之后的损失和准确率',
    epoch: '轮次',
    training: '训练集',
    validation: '验证集',
    test: '测试集',
    loss: '损失',
    right: '准确率',
    rate: '张/秒',
    seconds: '秒',
    best: '，目前最好',
    none: '训练集每看完一遍，这里就多一行。',
  },
};
