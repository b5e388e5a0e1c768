// Fresh starts: SwiftShader keeps what it has compiled for as long as its process lives, so each plan has one of its own.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'puppeteer';
import { EngineError } from '../../src/index.js';
import { launchChromium, serve } from '../../src/node.js';
import { Answers } from '../answers.js';
import { ISOLATED, pageText } from '../pageText.js';
import type { PlanTold } from './page.js';
import type { MeasuredPlan, PlanTask } from './plan.js';

export interface StartOptions {
  readonly software: boolean;
  /** Milliseconds that a plan may take in all. */
  readonly limitMs: number;
}

/** A plan, and the browser or runtime that it ran in. */
export interface Started {
  readonly plan: MeasuredPlan;
  readonly host: string;
}

/** Measures a plan in a browser that has compiled nothing. The page is isolated: its clock is fine, to 5 µs. */
export async function inChromium(pages: string, task: PlanTask, options: StartOptions): Promise<Started> {
  const server = await serve(
    (request, response) => {
      if (request.url !== '/curve.js') response.setHeader('Content-Type', 'text/html').end(pageText('curve'));
      else {
        readFile(join(pages, 'curve.js')).then(
          (script) => response.setHeader('Content-Type', 'text/javascript').end(script),
          () => response.writeHead(404).end(),
        );
      }
    },
    { headers: ISOLATED },
  );
  try {
    const chromium = await launchChromium<Browser>({ software: options.software });
    try {
      const page = await chromium.browser.newPage();
      const answers = new Answers<PlanTold>(options.limitMs, (message) => failure(task, message));
      await answers.hear(page, 'planTell');
      const url = `${server.url}curve?task=${encodeURIComponent(JSON.stringify(task))}`;
      const [{ plan }] = await Promise.all([answers.next(), page.goto(url)]);
      return { plan, host: await chromium.browser.version() };
    } finally {
      await chromium.close();
    }
  } finally {
    await server.close();
  }
}

/** Measures a plan in a process of its own: this bundle again, told to measure one plan where it is. */
export async function inNode(task: PlanTask, options: StartOptions): Promise<Started> {
  const { net, batch, expectedSteps, blockMs, rounds } = task;
  const words = ['curve', '--in', 'here', '--json', '--net', net, '--batch', batch, '--steps', expectedSteps];
  const more = ['--block', blockMs, '--repeat', rounds, ...(options.software ? ['--software'] : [])];
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...[...words, ...more].map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.limitMs,
  });
  let [out, said] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-400)));
  const ended = await new Promise<string>((done) => {
    child.on('error', (error) => done(error.message));
    child.on('close', (code, signal) => done(`it ended with ${code ?? signal}: ${said.trim()}`));
  });
  const rows = out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { readonly type: string }]));
  const row = rows.find(({ type }) => type === 'plan') as MeasuredPlan | undefined;
  if (row === undefined) throw failure(task, ended);
  return { plan: row, host: `Node ${process.version}` };
}

const failure = ({ net, expectedSteps }: PlanTask, message: string): EngineError =>
  new EngineError('gpu', {
    place: `curve, ${net}, the plan for ${expectedSteps} steps`,
    given: message,
    wanted: 'a plan that trains',
    wayOut: 'Leave its length out of --steps, or give it longer with --limit',
  });
