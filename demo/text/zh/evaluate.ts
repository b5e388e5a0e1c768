// Chapter Evaluate, in 中文.

import type { EvaluateWords } from '../en/evaluate.js';

export const evaluate: EvaluateWords = {
  matrix: {
    title: '混淆矩阵',
    hint: '行是测试图片的真实数字，列是网络的答案。',
    caption: '测试图片按真实数字（行）和网络答案（列）的分布',
    taken: '认成',
    is: '真实数字',
    none: '第一轮结束后填入。',
    right: (right, total, share) => `${total} 张测试图片中答对 ${right} 张（${share}）。`,
    noMistake: '没有错误。',
    worst: (digit, taken, times) => `最常见的错误：把 ${digit} 认成 ${taken}，共 ${times} 次。`,
  },
  pad: {
    title: '你写的数字',
    label: '画板',
    hint: '在这里写一个数字',
    help: '用鼠标、手指或触控笔书写。用键盘时：方向键移动笔，空格键落笔或抬笔，Delete 键清空。',
    clear: '清空',
    sample: '测试图片',
    seen: '网络看到的图像，28×28',
    shares: '各数字的概率',
    truth: (digit) => `正确答案是 ${digit}。`,
    answer: (digit, share) => `网络认为是 ${digit}，概率 ${share}。`,
  },
};
