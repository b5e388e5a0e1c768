import { EngineError } from '../core/errors.js';
import type { PlannedDispatch } from '../compile/plan.js';
import type { Device } from './device.js';

/** A pipeline and the layout its bind groups are made for. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Pipelines of one device by their WGSL: plans that are opened with the same pool compile no text twice. */
export class Pipelines {
  readonly #device: Device;
  readonly #known = new Map<string, Promise<Pipeline>>();

  constructor(device: Device) {
    this.#device = device;
  }

  /**
   * Compiles every shader of a plan that is not known yet, all at once.
   * @param onCompile hears of every different shader of the plan, known or not
   * @returns pipelines by their WGSL
   * @throws EngineError 'shader' with the compiler's message and the resolved lines around it
   */
  async of(
    dispatches: readonly PlannedDispatch[],
    onCompile?: (done: number, total: number) => void,
  ): Promise<ReadonlyMap<string, Pipeline>> {
    const byCode = new Map(dispatches.map((dispatch) => [dispatch.code, dispatch]));
    const pipelines = new Map<string, Pipeline>();
    onCompile?.(0, byCode.size);
    await Promise.all(
      [...byCode.values()].map(async (dispatch) => {
        pipelines.set(dispatch.code, await this.#one(dispatch));
        onCompile?.(pipelines.size, byCode.size);
      }),
    );
    return pipelines;
  }

  #one(dispatch: PlannedDispatch): Promise<Pipeline> {
    const known = this.#known.get(dispatch.code);
    if (known !== undefined) return known;
    const made = compileOne(this.#device, dispatch);
    this.#known.set(dispatch.code, made);
    // What failed is tried anew by whoever asks next.
    made.catch(() => this.#known.delete(dispatch.code));
    return made;
  }
}

async function compileOne(device: Device, dispatch: PlannedDispatch): Promise<Pipeline> {
  const { entry, code, bindings } = dispatch;
  const made = await device
    .validated(entry, (gpu) => {
      const module = gpu.createShaderModule({ label: entry, code });
      const layout = gpu.createBindGroupLayout({
        label: entry,
        entries: bindings.map(({ number, access }) => ({
          binding: number,
          visibility: 0x4, // GPUShaderStage.COMPUTE
          buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
        })),
      });
      const pipeline = gpu.createComputePipelineAsync({
        label: entry,
        layout: gpu.createPipelineLayout({ label: entry, bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: entry },
      });
      // Its failure is reported below; a module that does not compile is reported first.
      pipeline.catch(() => undefined);
      return { layout, pipeline };
    })
    .catch(async (error: unknown) => ({ error }));
  if ('error' in made) throw await explained(device, dispatch, made.error);
  try {
    const pipeline = await device.orLost(made.pipeline);
    device.counts.pipelines++;
    return { pipeline, layout: made.layout };
  } catch (error) {
    throw await explained(device, dispatch, error);
  }
}

/** The compiler's first message with the lines around it; the cause as it is if the compiler has nothing to say. */
async function explained(device: Device, { entry, code }: PlannedDispatch, cause: unknown): Promise<unknown> {
  if (cause instanceof EngineError && cause.code === 'device-lost') return cause;
  const messages: GPUCompilationMessage[] = [];
  await device
    .validated(entry, async (gpu) => {
      const info = await gpu.createShaderModule({ label: entry, code }).getCompilationInfo();
      messages.push(...info.messages.filter((message) => message.type === 'error'));
    })
    .catch(() => undefined);
  const [first] = messages;
  if (first === undefined) return cause;
  const lines = code.split('\n');
  const shown = [first.lineNum - 1, first.lineNum, first.lineNum + 1]
    .filter((line) => line >= 1 && line <= lines.length)
    .map((line) => `${String(line).padStart(5)} | ${lines[line - 1] ?? ''}`);
  shown.splice(Math.min(2, shown.length), 0, `      | ${' '.repeat(Math.max(0, first.linePos - 1))}^ ${first.message}`);
  return new EngineError('shader', {
    place: entry,
    given: `line ${first.lineNum} of the resolved text does not compile\n${shown.join('\n')}\n`,
    wanted: 'WGSL that compiles',
    cause,
  });
}
