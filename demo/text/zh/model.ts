// Chapter Model, in 中文.

import type { ModelWords } from '../en/model.js';

export const model: ModelWords = {
  net: '网络',
  nets: { tutorial: '教程', figure: '图示', wide: '宽网络' },
  netKinds: {
    tutorial: '2 个卷积层，3 个全连接层',
    figure: '3 个卷积层，1 个全连接层',
    wide: '2 个宽卷积层，2 个全连接层',
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
    waiting: 'GPU 打开后，这里会列出各层。',
  },
};
