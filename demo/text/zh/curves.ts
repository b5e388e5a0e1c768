// Chapter Train, in 中文: its curves, and the runs before.

import type { CurvesWords } from '../en/curves.js';

export const curves: CurvesWords = {
  loss: '损失',
  accuracy: '准确率',
  train: '训练',
  validation: '验证',
  test: '测试',
  drawn: '图中的线',
  noStep: '还没有开始。',
  trained: (first, firstStep, last, lastStep) => `训练：第 ${firstStep} 步 ${first}，第 ${lastStep} 步 ${last}。`,
  validated: (value, epoch) => `验证：第 ${epoch} 轮后 ${value}。`,
  tested: (value, epoch) => `测试：第 ${epoch} 轮后 ${value}。`,
  notANumber: '不是数',
  curveOptions: {
    smoothing: '平滑',
    across: '横轴',
    acrosses: { step: '步', epoch: '轮', seconds: '训练秒数' },
    log: '损失用对数刻度',
  },
  bestEpoch: {
    validation: (epoch) => `圆圈标出的是第 ${epoch} 轮：目前验证损失最小。`,
    test: (epoch) => `圆圈标出的是第 ${epoch} 轮：目前测试损失最小。用测试集来挑选会高估网络，最好另留一些图片作验证。`,
  },
  reference: {
    short: '教程 98.4 %',
    name: '教程中的网络：98.4 %',
    settings:
      '在 MNIST 的 10,000 张测试图片上；用全部 60,000 张训练图片训练 10 轮，SGD，学习率 0.001，动量 0.9，批大小 64。',
    use: '采用这组设置',
  },
  curveTable: {
    title: '损失与准确率',
    caption: (smoothing) => `当前这次训练。训练值与曲线一样，按 ${smoothing} 做了平滑。`,
    step: '步',
    epoch: '轮',
    seconds: '秒',
    beside: '图中的其他线：之前的训练，以及教程的结果',
    run: '训练',
    settings: '不同的设置',
    trainingLoss: '训练损失',
    testLoss: '测试损失',
    testAccuracy: '测试准确率',
  },
  earlier: {
    title: '之前的训练',
    now: (name) => `当前这次叫“${name}”。之前的每一次都注明了与它不同的设置。`,
    same: '设置相同',
    best: (share, epoch) => `第 ${epoch} 轮后测试准确率 ${share}`,
    remove: (name) => `移除“${name}”`,
    none: '无',
    settings: {
      data: '图片来源',
      images: '生成图片数',
      files: '文件批次',
      augment: '数据增强',
      net: '网络',
      begin: '起始权重',
      kept: '保留的权重',
      frozen: '冻结的层',
      learn: '学习内容',
      own: '字迹版本',
    },
    begins: { random: '随机', pretrained: '预训练', kept: '保留的' },
  },
  advice: {
    title: '损失已经不是一个数了',
    why: '最近几步迈得太大，数值超出了 32 位浮点数的范围。权重仍停在那一步之前，但这次训练无法继续。',
    rate: (rate) => `把学习率降到 ${rate}，重新开始`,
    clip: (norm) => `把梯度裁剪到范数 ${norm}，重新开始`,
  },
};
