// `weft doctor`: what this machine offers, what was tried, and what to type next.

import { digits, EngineError, openDevice, Trainer, tutorial, type SelfTestEvent } from '../index.js';
import { openDawn, probe, type Probe } from '../node.js';
import { EXIT } from './exit.js';
import { bytes, count } from '../chart/figures.js';
import { parseFlags } from './flags.js';
import { Screen } from './screen.js';
import { doctorFlags } from './tables.js';
import { wrapped } from './wrapped.js';

export async function doctor(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft doctor', doctorFlags, words);
  const screen = new Screen();
  screen.progress(() => (flags.browser ? 'asking Dawn and a page of Chromium' : 'asking Dawn'));
  const found = await probe({ launch: flags.browser });
  screen.progress(() => 'checking kernels');
  const selfTest = flags['self-test'] && found.dawn.adapter !== undefined ? await selfTestLines() : [];
  screen.progress(undefined);
  const usable = found.dawn.adapter !== undefined || found.browser.adapter !== undefined;
  // Drivers that a person has named, and that do not work, are not mended by installing others.
  const chosen = found.dawn.adapter === undefined ? Object.keys(found.vulkan.chosen) : [];
  const missing = chosen.length > 0 ? [`unset ${chosen.join(' ')}`] : found.next;
  const next = missing.length > 0 ? missing : [`${asTyped()} train`];
  if (flags.json) screen.result(JSON.stringify({ event: 'doctor', usable, ...found, next, selfTest }));
  else for (const line of report(found, next, selfTest, screen)) screen.result(line);
  return usable ? EXIT.ok : EXIT.noAdapter;
}

/** What a self-test of the tutorial net's training step says of the adapter that Dawn finds. */
async function selfTestLines(): Promise<string[]> {
  const lines: string[] = [];
  using device = await openDevice(await openDawn(), { powerPreference: 'high-performance' });
  try {
    const data = digits({ train: 640, test: 64 });
    const onSelfTest = ({ sentence }: SelfTestEvent): void => void lines.push(sentence);
    using trainer = await Trainer.open({ device, net: tutorial(), data, selfTest: 'always', onSelfTest });
    trainer.device.mustBeWell();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    lines.push(error.message);
  }
  return lines;
}

/** How this command was called: from a clone through npm, or by its name. */
const asTyped = (): string =>
  ['weft', 'train'].includes(process.env['npm_lifecycle_event'] ?? '') ? 'npm run weft --' : 'weft';

function report(found: Probe, next: readonly string[], selfTest: readonly string[], screen: Screen): string[] {
  const heading = (text: string) => ['', screen.paintResult('bold', text)];
  const indent = ' '.repeat(LABEL + 4);
  const row = (label: string, text: string) => {
    const lines = wrapped(text, Math.max(20, screen.columns - indent.length));
    return `  ${screen.paintResult('dim', label.padEnd(LABEL))}  ${lines.join(`\n${indent}`)}`;
  };
  return [
    screen.paintResult('bold', 'This machine'),
    ...machineRows(found).map(([label, text]) => row(label, text)),
    ...heading('Node, through Dawn'),
    ...dawnRows(found).map(([label, text]) => row(label, text)),
    ...heading('Chromium, through Puppeteer'),
    ...browserRows(found).map(([label, text]) => row(label, text)),
    ...(selfTest.length > 0 ? [...heading('Self-test'), ...selfTest.map((line) => row('kernels', line))] : []),
    ...heading('Type next'),
    ...next.map((command) => `  ${screen.paintResult('green', command)}`),
  ];
}

type Rows = readonly (readonly [label: string, text: string])[];
const LABEL = 10;

function machineRows({ machine, packages }: Probe): Rows {
  return [
    ['system', `${machine.system} (${machine.platform}), Node ${machine.node.replace('v', '')}`],
    ['processor', `${machine.cpu}, ${machine.cores} cores, ${bytes(machine.memoryBytes)}`],
    ['packages', `webgpu ${packages.webgpu ?? 'not installed'}, puppeteer ${packages.puppeteer ?? 'not installed'}`],
  ];
}

function dawnRows({ dawn, vulkan }: Probe): Rows {
  const { adapter, attempts, problem } = dawn;
  const tried = attempts.map(
    ({ driver, adapter: got }) => ['tried', `${driver}: ${got?.description ?? 'no adapter'}`] as const,
  );
  const loaders = vulkan.loadersTried.map(({ path, result }) => ['loader', `${path}: ${result}`] as const);
  if (adapter === undefined) return [['adapter', problem ?? 'none'], ...tried, ...loaders];
  return [
    ['adapter', `${adapter.description || adapter.device}, ${adapter.software ? 'software' : 'hardware'}`],
    ...featureRows(adapter.features),
    ...limitRows(adapter.limits),
    ...tried,
    ...loaders,
  ];
}

/** Features of which the engine makes use. */
const USED = ['timestamp-query', 'shader-f16', 'subgroups'];

function featureRows(features: readonly string[]): Rows {
  const said = USED.map((name) => (features.includes(name) ? name : `no ${name}`));
  const others = features.filter((name) => !USED.includes(name)).toSorted();
  return [['features', said.join(', ')], ...(others.length > 0 ? [['further', others.join(', ')] as const] : [])];
}

/** The limits that decide what can be trained. */
function limitRows(limits: Readonly<Record<string, number>>): Rows {
  const value = (name: string) => limits[name] ?? 0;
  return [
    ['buffers', `${bytes(value('maxStorageBufferBindingSize'))} a binding, ${bytes(value('maxBufferSize'))} a buffer`],
    ['', `${count(value('maxStorageBuffersPerShaderStage'))} storage buffers a shader`],
    [
      'workgroups',
      `${count(value('maxComputeInvocationsPerWorkgroup'))} invocations, ${bytes(value('maxComputeWorkgroupStorageSize'))} of memory`,
    ],
  ];
}

function browserRows({ browser }: Probe): Rows {
  const { path, version, adapter, problem, tried, flags } = browser;
  const looked = tried.filter(({ found }) => !found).map((one) => ['absent', `${one.path} (${one.from})`] as const);
  const rows: (readonly [string, string])[] = [
    ['browser', path === undefined ? 'none' : `${path}${version ? `, ${version}` : ''}`],
  ];
  if (adapter !== undefined) {
    rows.push(['adapter', `${adapter.description || adapter.vendor}, ${adapter.software ? 'software' : 'hardware'}`]);
    rows.push(...featureRows(adapter.features));
    rows.push(['flags', flags.join(' ')]);
  }
  if (problem !== undefined) rows.push(['problem', problem]);
  return [...rows, ...looked];
}
