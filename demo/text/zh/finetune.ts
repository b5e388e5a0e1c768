// Chapter Fine-tune, in 中文.

import type { FinetuneWords } from '../en/finetune.js';

export const finetune: FinetuneWords = {
  tuning: {
    title: '保留的权重',
    keep: '保留当前权重',
    nothing: '还没有可保留的权重：请先训练',
    none: '尚未保留权重。',
    kept: (net, steps, share) => `已保留：${net}，训练了 ${steps} 步，测试准确率 ${share}。`,
    begin: '从保留的权重开始',
    freeze: '冻结卷积层',
    other: '保留的权重来自另一个网络：名称和形状相同的层沿用，其余重新开始。',
    inCode: '用代码实现',
  },
};
