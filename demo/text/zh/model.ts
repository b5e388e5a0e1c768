// Chapter Model, in 中文.

import type { ModelWords } from '../en/model.js';

export const model: ModelWords = {
  net: '网络',
  nets: { tutorial: '教程', figure: '图示', wide: '宽网络', own: '自己搭建' },
  netKinds: {
    tutorial: '2 个卷积层，3 个全连接层',
    figure: '3 个卷积层，1 个全连接层',
    wide: '2 个宽卷积层，2 个全连接层',
    own: '由你自己搭配的各层',
  },
  layers: {
    caption: '网络的各层',
    layer: '层',
    output: '输出形状',
    parameters: '参数',
    bytes: '字节',
    macs: '乘加次数',
    input: '输入',
    total: '合计',
    about: '字节包括参数和一张图片的数值，每个数占四个字节。',
    waiting: 'GPU 打开后，这里会列出各层。',
  },
  editor: {
    open: '编辑各层',
    close: '完成',
    list: '从图片到得分的各层',
    kinds: {
      conv: '卷积',
      relu: 'ReLU',
      pool: '最大池化',
      dropout: 'Dropout',
      norm: '批归一化',
      dense: '全连接',
    },
    does: {
      conv: '用小卷积核扫过整张图片',
      relu: '把负数变成 0',
      pool: '每个窗口只留最大值',
      dropout: '训练时随机忘掉一些值',
      norm: '让每个通道均值为 0、标准差为 1',
      dense: '每个输出都综合所有输入',
    },
    numbers: {
      filters: '卷积核数',
      window: '窗口',
      stride: '步幅',
      padding: '填充',
      chance: '概率',
      units: '单元数',
    },
    number: (name, at, number) => `第 ${at} 层，${name}：${number}`,
    last: '全连接：十个得分，每个数字一个',
    up: (name, at) => `把第 ${at} 层（${name}）上移`,
    down: (name, at) => `把第 ${at} 层（${name}）下移`,
    remove: (name, at) => `删除第 ${at} 层（${name}）`,
    addBelow: (at) => (at === 0 ? '在图片之后添加：' : `在第 ${at} 层之后添加：`),
    full: (most) => `这里最多放 ${most} 层。`,
    parameters: (number) => `${number} 个参数`,
    bytes: (number) => `${number} 字节`,
    macs: (number) => `${number} 次乘加`,
    sum: (parameters, bytes, macs, work) =>
      `各层相容：共 ${parameters} 个参数，连同一张图片的数值占 ${bytes} 字节，${macs} 次乘加，是教程网络工作量的 ${work} 倍。`,
    kept: '有一层不相容。在改好之前，网络保持原样。',
    refused: {
      window: (window, rows, columns, padding) =>
        `${window}×${window} 的窗口放不进 ${rows}×${columns} 的图片（填充 ${padding}）。请缩小窗口、增加填充，或者让前面的层少缩小一些。`,
      flat: '这一层处理的是图片，而前面的全连接层只留下一串数字。请把它移到第一个全连接层之前。',
      size: (bytes, most) => `它需要一整块 ${bytes}，而这块 GPU 一次最多 ${most}。请减少卷积核或单元，或者减小批量。`,
      other: '引擎拒绝了这一层。',
    },
  },
};
