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
  previewHint: '选一张图片，在下面看它会变成什么样。',
  imageOf: (number, label) => `第 ${number} 张图片，数字 ${label}`,
  previewOf: (labels) => `训练图片，数字依次为 ${labels}`,
  normalise: {
    title: '从字节到网络的输入',
    waiting: '图片准备好后，这里会显示各项数值。',
    formula: (mean, std) =>
      `每个像素是一个字节：0 是白纸，255 是墨迹，除以 255 后落在 0 到 1 之间。网络得到的是 (x − ${mean}) / ${std}。用像素自身的均值和标准差时，白纸变成负数，墨迹变成正数，都离零不远，网络最容易学习。`,
    by: '归一化所用的数',
    usual: { mnist: 'MNIST', set: '这组图片', none: '不做' },
    kinds: { raw: '0 到 1 的像素', normalised: '归一化之后' },
    mean: '均值',
    std: '标准差',
    image: { raw: '所选图片的每个像素', normalised: '网络看到的所选图片' },
    histogram: {
      raw: (mean, std, paper) =>
        `归一化之前全部训练图片的像素分布：均值 ${mean}，标准差 ${std}，其中 ${paper} 是或接近白纸。`,
      normalised: (mean, std, paper) => `归一化之后的分布：均值 ${mean}，标准差 ${std}，同样的 ${paper} 是或接近白纸。`,
    },
    pixel: (row, column, byte) => `第 ${row} 行，第 ${column} 列：字节 ${byte}。`,
    help: '用鼠标指向像素，或用方向键移动。直方图中每条横线是下一条的十倍；竖线是均值，色带是均值两侧各一个标准差。',
    spread: '像素值的分布',
    share: '像素占比',
  },
  augmentation: {
    title: '数据增强',
    names: { none: '关闭', light: '轻微', strong: '强烈' },
    amounts: {
      none: '网络每次看到的都是同一张原图。',
      light: '平移最多 1 像素，旋转最多 10°，放大或缩小最多 10 %，倾斜最多 5°。',
      strong:
        '平移最多 2 像素，旋转最多 15°，放大或缩小最多 15 %，倾斜最多 10°，弹性变形最多 1.5 像素，加入噪声，每 4 张图片中有 1 张被挖去一块。',
    },
    before: '原图',
    after: '网络看到的图片',
    unchanged: '没有任何改动',
    changed: (labels, name, epoch) => `同样的数字 ${labels}，按“${name}”改动后的样子，第 ${epoch} 轮`,
    again: '再来一次',
    why: '每次都略有不同的图片，使网络无法死记硬背。',
    as: (epoch, seed) => `随机种子 ${seed} 的第 ${epoch} 轮，由你的 GPU 改动。换一轮，改动也不同。`,
  },
  balance: {
    title: '每个数字的图片数量',
    waiting: '图片准备好后，这里会显示数量。',
    digit: '数字',
    train: '训练集',
    test: '测试集',
    equal: (images) => `训练集中每个数字都有 ${images} 张图片，没有偏向。`,
    between: (least, most) => `训练集中每个数字有 ${least} 到 ${most} 张图片。样本少的数字学得慢。`,
  },
};
