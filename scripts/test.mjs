// npm test: every test but the long ones; the last line is `N passed, N failed`, whatever happened before it.
// With --long: the long tests and no others. Further words are file filters.
// A test may leave itself out with `context.skip(reason)`, and the reason is printed; left out without one, it failed.
import { ChildProcess } from 'node:child_process';
import { startVitest } from 'vitest/node';

const words = process.argv.slice(2);
const long = words.includes('--long');
const filters = words.filter((word) => word !== '--long');
const limitMinutes = long ? 120 : 40;

/** Test, file or fault → did it pass. @type {Map<string, boolean>} */
const outcomes = new Map();
/** What went wrong, told once more at the end: a log of a whole run is long. @type {Map<string, string>} */
const failures = new Map();
/** Reason → tests that left themselves out for it. @type {Map<string, string[]>} */
const leftOut = new Map();
let stopped = '';

/**
 * Counts as tests end, so that a run cut short is counted too.
 * @type {import('vitest/node').Reporter}
 */
const counter = {
  onTestModuleCollected(module) {
    for (const test of module.children.allTests()) outcomes.set(test.id, false);
  },
  onTestCaseResult(test) {
    const result = test.result();
    const name = `${test.module.relativeModuleId} > ${test.fullName}`;
    outcomes.set(test.id, result.state === 'passed');
    failures.delete(test.id);
    if (result.state === 'failed') failures.set(test.id, `${name}: ${result.errors[0]?.message ?? 'no reason given'}`);
    if (result.state !== 'skipped') return;
    const reason = result.note ?? 'no reason given, so it counts as failed';
    leftOut.set(reason, [...(leftOut.get(reason) ?? []), name]);
    if (result.note) outcomes.delete(test.id);
  },
  onTestModuleEnd(module) {
    const [error] = module.errors();
    if (error === undefined) return;
    outcomes.set(module.moduleId, false);
    failures.set(module.moduleId, `${module.relativeModuleId}: ${error.message}`);
  },
  onTestRunEnd(_modules, faults, reason) {
    faults.forEach((fault, i) => {
      outcomes.set(`fault ${i}`, false);
      failures.set(`fault ${i}`, `outside the tests: ${fault.message}`);
    });
    if (reason === 'interrupted') stopped ||= 'interrupted';
  },
};

process.on('exit', (code) => {
  const passed = [...outcomes.values()].filter(Boolean).length;
  let failed = outcomes.size - passed;
  if (failed === 0 && (code !== 0 || stopped || passed === 0)) failed = 1;
  for (const [reason, names] of leftOut) {
    process.stdout.write(`\nleft out, ${names.length}: ${reason}\n${names.map((name) => `  ${name}\n`).join('')}`);
  }
  for (const line of failures.values()) process.stdout.write(`\nfailed: ${line}\n`);
  if (stopped) process.stdout.write(`\nThe run ended early: ${stopped}\n`);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? code || 1 : 0;
});

const stop = (/** @type {string} */ why, /** @type {number} */ code) => {
  stopped = why;
  // Node has no public list of one's children; a worker in an endless loop would outlive this process.
  const inner = /** @type {Record<string, () => unknown[]>} */ (/** @type {unknown} */ (process));
  const handles = inner['_getActiveHandles']?.() ?? [];
  for (const child of handles) if (child instanceof ChildProcess) child.kill('SIGKILL');
  process.exit(code);
};
process.on('SIGINT', () => stop('SIGINT', 130));
process.on('SIGTERM', () => stop('SIGTERM', 143));
process.on('uncaughtException', (error) => {
  console.error(error);
  stop('a fault in the test runner', 1);
});
setTimeout(() => stop(`more than ${limitMinutes} minutes`, 1), limitMinutes * 60_000).unref();

const vitest = await startVitest('test', filters, {
  run: true,
  watch: false,
  mode: long ? 'long' : 'test',
  reporters: ['default', counter],
});
await vitest.close();
process.exit();
