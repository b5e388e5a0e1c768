// 比页面更长久的训练，以及由它得到的文件。

import type { KeepWords } from '../en/keep.js';

export const keep: KeepWords = {
  keeping: {
    title: '把训练存成文件',
    hint: '训练每 30 秒以及每次暂停时保存在这个浏览器里，不会存到别处。模型直接接受图片的字节；别的程序可以运行它，netron.app 可以画出它。',
    nothing: '请先训练：现在还没有可以保存的东西。',
    exports: {
      weights: '权重（.safetensors）',
      onnx: '模型（.onnx）',
      run: '整个训练（.json）',
      steps: '每一步（.csv）',
    },
    charts: { svg: '曲线图（.svg）', png: '曲线图（.png）' },
    open: '打开文件：权重或图片',
    lastTitle: '上一次的训练还在',
    last: (net, step, when) => `${net}，第 ${step} 步，保存于${when}。`,
    resume: '接着训练',
    forget: '不要了',
    restored: (step) => `GPU 曾丢失，训练已从第 ${step} 步继续：什么都没有丢。`,
    otherBits: '在这块 GPU 上，最后几位数字可能不同。',
    saved: (ago) => (ago === '现在' ? '刚刚保存' : `${ago}已保存`),
  },
};
