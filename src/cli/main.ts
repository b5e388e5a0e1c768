// weft: trains, evaluates and asks neural nets from a terminal.

import { version } from '../../package.json';
import { dataGroups } from './dataTable.js';
import { describeData } from './describeData.js';
import { doctor } from './doctor.js';
import { evaluate } from './evaluate.js';
import { EXIT, exitCodeOf, Interrupted, usageError } from './exit.js';
import { finetune } from './finetune.js';
import { finetuneGroups } from './finetuneTable.js';
import { listed } from './flags.js';
import { commandHelp, overview, type Helped } from './help.js';
import { lrFind } from './lrFind.js';
import { nearest } from './nearest.js';
import { plan } from './plan.js';
import { predict } from './predict.js';
import { Screen } from './screen.js';
import { planGroups, tuneGroups } from './planTables.js';
import { doctorGroups, evalGroups, predictGroups, rateGroups, trainGroups } from './tables.js';
import { sweepCommand } from './sweep.js';
import { sweepGroups } from './sweepTables.js';
import { train } from './train.js';
import { tune } from './tune.js';

interface Command extends Helped {
  readonly run: (words: readonly string[]) => Promise<number>;
}

const commands: readonly Command[] = [
  {
    name: 'train',
    about: 'trains a net, and says how well it does on the test images',
    groups: trainGroups,
    run: train,
    examples: [
      'weft train',
      'weft train --data digits --optimizer adam --epochs 3 --weights-out digits.safetensors',
      'weft train --steps 200 --json --metrics run.jsonl',
    ],
  },
  {
    name: 'finetune',
    about: 'goes on from trained weights, on other images or classes',
    groups: finetuneGroups,
    run: finetune,
    examples: [
      'weft finetune --data mnist --images 100 --optimizer adam --lr 0.0003 --augment light --steps 600',
      "weft finetune --data shapes --freeze 'conv*' --lr-for 'fc3.*=10' --weights-out shapes.safetensors",
    ],
  },
  {
    name: 'eval',
    about: 'evaluates trained weights on the test images',
    groups: evalGroups,
    run: evaluate,
    examples: [
      'weft eval --weights-in digits.safetensors --data digits',
      'weft eval --weights-in digits.safetensors --mistakes wrong.png',
    ],
  },
  {
    name: 'predict',
    about: 'says which digit an image shows',
    groups: predictGroups,
    run: predict,
    examples: ['weft predict --weights-in digits.safetensors --image seven.png'],
  },
  {
    name: 'plan',
    about: 'prints what a training step is compiled to, and the WGSL of its kernels',
    groups: planGroups,
    run: plan,
    examples: ['weft plan --net wide --augment light', 'weft plan --dialect cpu --wgsl convBiasRelu'],
  },
  {
    name: 'tune',
    about: 'finds the fastest right kernels for this adapter, and keeps them for training',
    groups: tuneGroups,
    run: tune,
    examples: ['weft tune', 'weft tune --net wide --batch 256', 'weft tune --forget'],
  },
  {
    name: 'lr-find',
    about: 'trains a few steps at rising learning rates, and says where the loss falls fastest',
    groups: rateGroups,
    run: lrFind,
    examples: ['weft lr-find', 'weft lr-find --optimizer adam --out charts'],
  },
  {
    name: 'sweep',
    about: 'trains with many settings, ranks them on images held out, and tests the best',
    groups: sweepGroups,
    run: sweepCommand,
    examples: [
      'weft sweep --grid lr=0.1,0.03,0.01 --grid batch=32,64 --epochs 3',
      'weft sweep --random 20 --range lr=1e-4..1e-1 --grid optimizer=sgd,adam --out runs --chart runs',
    ],
  },
  {
    name: 'data',
    about: 'says what a set of images is like, and draws some of each class',
    groups: dataGroups,
    run: describeData,
    examples: ['weft data --data digits', 'weft data --preview digits.png --augment strong'],
  },
  {
    name: 'doctor',
    about: 'tells what this machine offers, and what to type next',
    groups: doctorGroups,
    run: doctor,
    examples: ['weft doctor', 'weft doctor --json', 'weft doctor --self-test'],
  },
];

const HELP = new Set(['--help', '-h', 'help']);
const VERSION = new Set(['--version', '-v', 'version']);

async function main([first = '', ...rest]: readonly string[]): Promise<number> {
  const screen = new Screen();
  const asked = HELP.has(first) ? rest[0] : first;
  if (VERSION.has(first)) screen.result(version);
  else if (asked === undefined || asked === '') screen.result(overview(commands, version, screen.paintResult));
  else {
    const found = commands.find(({ name }) => name === asked);
    if (found === undefined) throw unknownCommand(asked);
    if (asked === first && !rest.some((word) => word === '--help' || word === '-h')) return found.run(rest);
    screen.result(commandHelp(found, screen.paintResult));
  }
  return EXIT.ok;
}

function unknownCommand(word: string): Error {
  const names = commands.map(({ name }) => name);
  const meant = nearest(word, names);
  return usageError('weft', `the command "${word}"`, listed(names), meant && `Did you mean \`weft ${meant}\`?`);
}

/** A reader who has seen enough (`| head -1`) stops the run as Ctrl-C does. */
function stopWithoutReader(): void {
  let gone = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (gone) return;
    gone = true;
    if (!process.emit('SIGINT', 'SIGINT')) process.exit(EXIT.interrupted);
  });
}

function report(error: unknown, words: readonly string[]): number {
  const screen = new Screen();
  const code = exitCodeOf(error);
  const json = words.includes('--json');
  if (error instanceof Interrupted) {
    screen.complain(
      ['train', 'finetune'].includes(words[0] ?? '') ? 'stopped before the first step; nothing was saved' : 'stopped',
    );
    if (json) screen.result(JSON.stringify({ event: 'interrupted', steps: 0, weights: null }));
    return code;
  }
  const message = error instanceof Error ? error.message : String(error);
  // An error without a code is a fault of ours, and its place helps to find it.
  const known = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const told = (known === undefined && error instanceof Error && error.stack) || message;
  // `weft train: …` names us already; `--lr: …` does not.
  const [, who = 'weft:', what = told] = /^(weft[ \w]*:) (.*)$/s.exec(told) ?? [];
  screen.complain(`${screen.paint('red', who)} ${what}`);
  if (json) screen.result(JSON.stringify({ event: 'error', code: known ?? 'fault', message }));
  return code;
}

stopWithoutReader();
const words = process.argv.slice(2);
const code = await main(words).catch((error: unknown) => report(error, words));
// Not left to end by itself: a GPU that was interrupted while it compiled would first compile all that it was asked for.
process.stdout.write('', () => process.exit(code));
