// Chapter Fine-tune.

import type { Begin, Learn } from '../../protocol/settings.js';
import type { Translated } from '../translated.js';
import { a } from './article.js';

export const finetune = {
  tuning: {
    title: 'Where a run begins',
    begins: {
      random: 'From random weights',
      pretrained: 'From trained weights that ship with this page',
      kept: 'From weights that you kept',
    } satisfies Record<Begin, string>,
    shipped: 'The tutorial net, trained on generated digits. 0.24 MB, fetched from here when you choose it.',
    keep: 'Keep the weights of now',
    nothing: 'Nothing to keep yet: train first',
    none: 'None are kept yet.',
    kept: (net: string, steps: string, share: string) => `${net} after ${steps} steps, ${share} right in testing.`,
    partly: (taken: string, fresh: string) => `Fits this net in part. Taken: ${taken}. Anew: ${fresh}.`,
    freeze: 'Layers that stay as they are',
    parameters: (count: string) => `${count} parameters`,
    frozen: (still: string, all: string) => `${still} of ${all} parameters are frozen.`,
    freezeNone: 'Random weights must learn: begin with trained ones to freeze some.',
    inCode: 'The same in code',
  },
  own: {
    title: 'Your digits',
    which: 'Which digit do you write next?',
    have: (count: string) => `×${count}`,
    sheet: (digit: number) => `Sheet for ${a(digit)}`,
    write: (digit: number) => `Write ${a(digit)}`,
    help: 'Enter adds the digit.',
    add: (digit: number) => `Add this ${digit}`,
    empty: 'None yet. Write some the way you do: a 7 with a bar, a 1 with a flag.',
    total: (count: string) => `${count} of your digits.`,
    recognised: (right: string, count: string) => `The net of now recognises ${right} of ${count}.`,
    keeps: 'They stay in this browser, also for your next visit.',
    forgets: 'This browser keeps nothing: they are gone with this page.',
    image: (digit: number) => `Your ${digit}`,
    right: 'right',
    taken: (answer: number) => `taken for ${answer}`,
    remove: (digit: number) => `Delete this ${digit}`,
    clearAll: 'Delete all',
    sure: (count: string) => `Delete all ${count}?`,
    yes: 'Yes, delete',
    no: 'No',
    learn: 'What the next run learns',
    learns: { set: 'The data set', own: 'Your digits', both: 'Both' } satisfies Record<Learn, string>,
    learnHints: {
      set: 'The training images of the first chapter.',
      own: 'Yours alone, again and again: 640 images an epoch. A digit that you did not write is soon forgotten.',
      both: 'Half yours, half of the data set, so that it is not forgotten.',
    } satisfies Record<Learn, string>,
  },
  comparison: {
    title: 'Before and after',
    hint: (rate: string) =>
      `Three short epochs from trained weights (yours, or else those that ship), on your digits and as many others, with a small learning rate (${rate}) and light augmentation: so the net keeps what it knows. Then let it learn yours alone, and see what it forgets.`,
    tune: 'Fine-tune',
    noDigit: 'Write at least one digit of your own first.',
    busy: 'Not while something else goes on.',
    none: 'Accuracy before and after, on your digits and on the test set, appears with the first run that does not begin at random.',
    caption: 'Accuracy before and after fine-tuning',
    on: 'accuracy on',
    before: 'before',
    after: 'after',
    change: 'points',
    own: (count: string) => `your digits (${count})`,
    test: (count: string) => `the test set (${count})`,
    running: 'Measured before the first step; the other column follows when training stops.',
    ownSays: (before: string, after: string, total: string) =>
      `It recognised ${before} of your ${total} before, and recognises ${after} now.`,
    better: 'On the test set it has become better, too.',
    same: 'On the test set it is as good as before.',
    forgotLittle: 'On the test set it has become a little worse: it has begun to forget.',
    forgot: 'On the test set it has become worse: learning one thing, it forgets another.',
    mix: 'Let it learn both, and it forgets less.',
    notHeldOut: 'It has seen these very digits; a new one on the pad shows whether it knows your hand.',
  },
  correct: {
    is: (digit: number) => `Is it ${a(digit)}?`,
    yes: 'Yes',
    no: 'No',
    which: 'What is it?',
    added: (digit: number) => `Now among your digits as ${a(digit)}.`,
    toTuning: 'Fine-tune on them',
    untrained: 'This net has learned nothing yet.',
    useTrained: 'Take a trained one',
  },
};

export type FinetuneWords = Translated<typeof finetune>;
