// 页面上的全部中文，顺序与英文相同。反引号之间的部分显示为代码。

import type { Words } from './en.js';
import { curves } from './zh/curves.js';
import { data } from './zh/data.js';
import { evaluate } from './zh/evaluate.js';
import { finetune } from './zh/finetune.js';
import { glossary } from './zh/glossary.js';
import { underCurves } from './zh/underCurves.js';
import { keep } from './zh/keep.js';
import { kernels } from './zh/kernels.js';
import { model } from './zh/model.js';
import { page } from './zh/page.js';
import { runNames } from './zh/runNames.js';
import { train } from './zh/train.js';

export const zh: Words = {
  ...page,
  ...data,
  ...model,
  ...train,
  ...curves,
  ...glossary,
  ...underCurves,
  ...runNames,
  ...evaluate,
  ...finetune,
  ...keep,
  ...kernels,
};
