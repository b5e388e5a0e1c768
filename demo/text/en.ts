// Every word of the page in English. `code` between backticks is shown as code.

import { curves } from './en/curves.js';
import { data } from './en/data.js';
import { evaluate } from './en/evaluate.js';
import { finetune } from './en/finetune.js';
import { glossary } from './en/glossary.js';
import { underCurves } from './en/underCurves.js';
import { keep } from './en/keep.js';
import { kernels } from './en/kernels.js';
import { model } from './en/model.js';
import { page } from './en/page.js';
import { runNames } from './en/runNames.js';
import { train } from './en/train.js';
import type { Translated } from './translated.js';

export const en = {
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

/** What every language says. */
export type Words = Translated<typeof en>;
