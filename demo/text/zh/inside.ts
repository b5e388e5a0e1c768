// Chapter Train, in 中文: what lies below its curves.

import type { InsideWords } from '../en/inside.js';

export const inside: InsideWords = {
  speedCard: {
    title: '速度',
    images: '每秒图片数',
    wall: '每步毫秒数',
    gpu: '其中 GPU 用时',
    encode: '其中 CPU 用时',
    memory: 'GPU 内存',
    dispatches: '每步 dispatch 数',
    submits: '每步提交数',
    noClock: '这个适配器不提供时钟',
    hint: '一步就是一串固定的 dispatch，反复重放；许多步合成一次提交送往 GPU，中途什么也不读回。GPU 用时由它自己的时钟抽样测量。',
  },
};
