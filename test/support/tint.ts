import { openNullDawn } from '../../src/node/dawn.js';

let opened: Promise<GPUDevice> | undefined;

async function open(): Promise<GPUDevice> {
  const adapter = await (await openNullDawn()).requestAdapter();
  if (adapter === null) throw new Error('Dawn without a backend gives no adapter');
  const features = (['shader-f16', 'subgroups'] as const).filter((name) => adapter.features.has(name));
  return adapter.requestDevice({ requiredFeatures: features });
}

/**
 * Compiles WGSL with Tint, on no GPU at all, down to a pipeline of its one entry point.
 * @returns what Tint says against it, a line each with the line of the shader; empty if nothing
 */
export async function tintErrors(code: string): Promise<readonly string[]> {
  const device = await (opened ??= open());
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code });
  // Popped before anything is awaited: scopes are the device's, and several shaders may be under way.
  const [refusal, { messages }] = await Promise.all([device.popErrorScope(), module.getCompilationInfo()]);
  const source = code.split('\n');
  const errors = messages
    .filter(({ type }) => type === 'error')
    .map(({ lineNum, message }) => `${message}, line ${lineNum}: ${source[lineNum - 1]?.trim() ?? ''}`);
  if (errors.length > 0 || refusal !== null) return errors.length > 0 ? errors : [refusal?.message ?? ''];
  const failure = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } }).then(
    () => undefined,
    (reason: unknown) => String(reason),
  );
  return failure === undefined ? [] : [failure];
}

/** What Tint says against several shaders, each error under the shader's name. */
export async function errorsOfAll(texts: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const found = await Promise.all(
    Object.entries(texts).map(async ([name, code]) => (await tintErrors(code)).map((error) => `${name}: ${error}`)),
  );
  return found.flat();
}
