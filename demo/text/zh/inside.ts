// Chapter Train, in 中文: what lies below its curves.

import type { InsideWords } from '../en/inside.js';

export const inside: InsideWords = {
  finder: {
    title: '寻找学习率',
    what: '学习率太小学得慢，太大则学不会。搜索会用另一份权重训练一百步，每一步的学习率都比前一步大一些；眼前的训练不受影响。',
    find: '试 100 个学习率',
    stop: '停止搜索',
    finding: '正在搜索…',
    chart: '损失随学习率升高的变化',
    rate: '学习率',
    loss: '损失',
    smoothed: '平滑后',
    tried: (steps, first, last) => `试了 ${steps} 个学习率，从 ${first} 到 ${last}。`,
    fastest: (rate, least, at) => `学习率为 ${rate} 时损失下降最快；最小损失 ${least} 出现在 ${at}，再大步子就太大了。`,
    none: '哪一个都没能让损失下降。',
    other: '当时的设置与现在不同。',
    use: (rate) => `采用学习率 ${rate}`,
    used: '现在就是这个学习率。',
    mark: '下降最快',
    now: '现在',
  },
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
