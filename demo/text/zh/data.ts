// Chapter Data, in 中文.

import type { DataWords } from '../en/data.js';

export const data: DataWords = {
  source: '图片来源',
  sources: { digits: '现场生成', mnist: 'MNIST', files: '自己的文件' },
  howMany: '生成多少张图片',
  images: (images) => `${images} 张图片`,
  generated: '由随机种子在本页画出的手写数字，不下载任何东西。',
  slow: '没有找到显卡，改由软件计算，可能慢上百倍，所以先从少量图片开始。',
  download: 'MNIST 下载进度',
  arrived: (bytes, total) => `已下载 ${bytes}，共 ${total}`,
  cancel: '取消',
  fetchKept: '从浏览器缓存载入',
  fetch: '下载（11.6 MB）',
  sizes: (train, test) => `${train} + ${test} 张图片`,
  checked: '已核对 SHA-256',
  credit: '手写数字，作者 Y. LeCun、C. Cortes 和 C. J. C. Burges，许可协议',
  licence: 'CC BY-SA 3.0',
  mirrors: '来自 cdn.jsdelivr.net，备用 raw.githubusercontent.com。',
  choose: '选择或拖入四个 IDX 文件',
  fileNames:
    '`train-images-idx3-ubyte`、`train-labels-idx1-ubyte`，以及以 `t10k` 开头的同名文件；`.gz` 也可以。文件不会离开这台电脑。',
  preview: '部分训练图片',
  previewOf: (labels) => `训练图片，数字依次为 ${labels}`,
};
