// Terms of the chapters, in 中文, each in one sentence.

import type { GlossaryWords } from '../en/glossary.js';

export const glossary: GlossaryWords = {
  glossary: {
    testSet: '训练时从不使用的图片。网络答对其中多少，说明它面对新图片时表现如何。',
    normalise: '平移并缩放一组数，使均值为 0、标准差为 1。',
    convolution: '一个由权重组成的小窗口滑过整张图；每到一处，就把窗口里的数与下面的像素相乘再相加。',
    pooling: '每个小方格只留下一个数，这里是最大的那个。图像随之缩小。',
    dense: '每个输出都是全部输入的加权和的一层。',
    parameters: '网络中由训练改变的数：权重和偏置。',
    batch: '一步所用的图片，它们的梯度取平均。',
    loss: '网络给正确答案的概率越高，这个数就越小；这里用的是交叉熵。',
    rate: '每一步中，参数按其梯度的多大比例改变。',
    epoch: '把训练集的全部图片看过一遍，每次顺序都不同。',
    overfitting: '网络对训练图片越来越拿手，对新图片却越来越差。',
    confusion: '一张表格，按正确答案统计网络各答了什么。',
    pretrained: '已经学到一些东西的权重，训练不必从随机数开始。',
    frozen: '训练中保持不变的参数。',
    kernel: '用 WGSL 写成的 GPU 程序，成千上万个线程同时运行它。',
  },
};
