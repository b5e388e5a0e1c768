// What stands around the chapters, in 中文.

import type { PageWords } from '../en/page.js';

export const page: PageWords = {
  title: 'Weft：用你的 GPU 训练神经网络',
  tagline: '就在这个网页里，用你自己的 GPU 训练神经网络',
  languages: '语言',
  chapterList: '章节',
  dark: '深色',
  help: {
    title: '快捷键',
    open: '本页的快捷键',
    fields: '在输入框里，按键用来输入。画板有自己的按键：方向键、空格和 Delete。',
    space: '空格',
    close: '关闭',
    deeds: {
      chapter: '跳到某一章',
      primary: '训练或暂停',
      reset: '重置',
      evaluate: '跳到评估',
      settings: '跳到设置',
      draw: '跳到画板',
      clear: '清空画板',
      language: '切换语言',
      theme: '深色或浅色',
      help: '显示这个列表',
    },
  },
  chapters: { data: '数据', model: '模型', train: '训练', evaluate: '评估', finetune: '微调' },
  stories: {
    data: [
      '神经网络从样本中学习：这里的样本是 28×28 像素的手写数字灰度图，每张都标明了它是哪个数字。',
      '图片分成两部分。网络只从训练集学习；测试集留着不用，最后用来检验它面对从未见过的图片时表现如何。',
      '送入网络之前，像素值会先平移、缩放，使均值接近 0、标准差接近 1，这样学得更快。',
    ],
    model: [
      '网络由一层层运算串联而成。卷积让小小的滤波器滑过整张图，标出每种图案出现的位置；池化只保留每个小方格里最强的响应，图像随之缩小。',
      '最后的全连接层把所有响应综合起来，给出十个得分，每个数字一个。',
      '参数是训练要找出的那些数；乘加次数是一张图片从头到尾通过网络所需的计算量。',
    ],
    train: [
      '每一步取一批图片，把网络的答案与正确答案相比较，再让每个参数朝着损失减小的方向挪动一点。挪动多远由学习率决定。',
      '把训练集完整看过一遍叫一轮（epoch）。损失应当下降，准确率应当上升；如果测试集的曲线与训练集的曲线渐行渐远，网络就开始死记硬背了，这叫过拟合。',
      '所有计算都在你的 GPU 上、由后台线程（Worker）调度完成，网页本身只负责画图。',
    ],
    evaluate: [
      '自己写一个数字试试。它会按训练图片的方式居中、缩放，网络立刻作答，训练途中也可以。',
      '混淆矩阵显示网络把哪个数字认成了哪个。对角线上是答对的，其余都是错误；点开任何一格，都能看到它数的是哪些图片。',
      '最值得看的是网络答错了却很有把握的图片。仔细看看：有些连人也会犹豫。',
    ],
    finetune: [
      '学会了一批图片的网络，掌握的许多东西对另一批图片也有用。微调不从随机数开始，而从已有的权重出发，需要的图片和步数都更少。',
      '卷积层学到的是各种笔迹共有的笔画和弧线。把它们冻结，权重就保持不变，反向传播也不再为它们计算：只有全连接层继续学习。',
      '试试看：按自己的习惯写几个数字，用它们微调，看看网络在你的字迹上长进了多少，在测试集上又丢了多少。也可以保留一次训练的权重，换一批图片接着训练。',
    ],
  },
  run: '训练过程',
  progress: '训练进度',
  primary: {
    start: '训练',
    goOn: '继续',
    pause: '暂停',
    anew: '重新开始',
    again: '再训练一次',
    reopen: '重新打开 GPU',
  },
  reset: '重置',
  against: {
    booting: 'GPU 还没有打开',
    blocked: '这里没有可用的 WebGPU，无法训练',
    mnist: 'MNIST 还没有载入：请先载入',
    files: '请先选择四个 IDX 文件',
    own: '请先写一个自己的数字，或改为学习数据集',
  },
  phases: {
    booting: '正在寻找 GPU…',
    blocked: '这里无法训练。',
    preparing: '正在提前编译着色器…',
    ready: '就绪。',
    loading: '正在准备图片…',
    compiling: '正在编译着色器…',
    training: '正在训练。',
    paused: '已暂停。',
    done: '完成。',
    diverged: '训练发散了：请调小学习率。',
    lost: 'GPU 停止了响应。',
  },
  prepared: '就绪：着色器已全部编译好，数据不会离开这台电脑。',
  result: (share) => `测试集准确率 ${share}。`,
  epochOf: (epoch, epochs) => `第 ${epoch}/${epochs} 轮`,
  stepAt: (step) => `第 ${step} 步`,
  speed: (images) => `每秒 ${images} 张`,
  left: (time) => `还需 ${time}`,
  stopped: {
    trained: '已暂停。',
    paused: '标签页不在前台，已暂停。',
    frozen: '浏览器冻结了标签页；恢复后会从原处继续。',
  },
  returned: {
    trained: '刚才标签页不在前台：训练一直在进行。',
    paused: '刚才标签页不在前台：训练暂停过，现已继续。',
    frozen: '浏览器冻结过这个标签页：训练已从原处继续。',
  },
  tabs: {
    training: '训练中',
    paused: '已暂停',
    hidden: '不在前台，已暂停',
    done: '完成',
    epoch: (epoch, share) => `，第 ${epoch} 轮：${share}`,
  },
  chip: {
    looking: '正在寻找 GPU…',
    none: '没有 GPU',
    computes: '计算设备：',
    software: '软件模拟',
    gpu: 'GPU',
    unnamed: '未命名',
    vendor: '厂商',
    architecture: '架构',
    device: '设备',
  },
  badAddress: (name, value) => `网址要求 ${name}=${value}，没有这样的设置，已用默认值代替。`,
  tryAgain: '重试',
  watch: '观看一次录好的训练',
  replayed: (date) =>
    `你看到的是 ${date} 用软件模拟的 GPU 在这个网页上录下的训练。这里不做任何计算，所以设置和画板不可用；下面的按钮可以播放和暂停。`,
  dismiss: '关闭这条消息',
  blocks: {
    insecure: {
      title: '这个地址不安全，浏览器因此隐藏了 GPU',
      body: [
        '浏览器只向通过 `https` 打开或来自本机的网页提供 WebGPU。请用 `https://` 地址，或以 `http://localhost` 打开本页。',
      ],
    },
    'no-webgpu': {
      title: '这个浏览器没有 WebGPU',
      body: ['这里的一切都由你的 GPU 通过 WebGPU 计算。请换用下列浏览器之一，或更新当前浏览器：'],
    },
    'no-worker-webgpu': {
      title: '这个浏览器不允许在 Worker 中使用 WebGPU',
      body: ['训练在 Worker 中进行，这样网页才不会卡顿。下列浏览器支持这种方式：'],
    },
    'no-adapter': {
      title: '有 WebGPU，但没有找到 GPU',
      body: [
        '浏览器关闭了对 GPU 的使用，或者不信任这个驱动程序。在 Chrome 或 Edge 中：',
        '在 `chrome://settings/system` 中打开“使用图形加速功能（如果可用）”。',
        '启用 `chrome://flags/#enable-unsafe-webgpu`，在 Linux 上还要启用 `#enable-vulkan`。',
        '更新显卡驱动程序；`chrome://gpu` 会显示浏览器对它的判断。',
        '每次更改之后请重启浏览器。',
      ],
    },
    limit: {
      title: '这个 GPU 满足不了这里的网络',
      body: ['找到了 GPU，但它的能力达不到训练的要求。换一台设备或换一个浏览器或许可以。'],
    },
    broken: {
      title: '训练准备失败',
      body: ['有 GPU，但在打开它的途中出了问题。关闭其他正在使用 GPU 的网页，或许会有帮助。'],
    },
  },
  browsers: {
    caption: '支持 WebGPU 的浏览器',
    rows: [
      [
        'Chrome、Edge',
        'Windows、macOS 和 ChromeOS 上 113 起；Android 上 121 起；Linux 上需较新版本，且并非支持所有 GPU',
      ],
      ['Safari', '26 起，macOS、iPhone 和 iPad'],
      ['Firefox', 'Windows 上 141 起；Apple 芯片的 Mac 上 145 起'],
    ],
  },
};
