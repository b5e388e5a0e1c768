import type { Plan } from '../compile/plan.js';
import type { Pipelines } from './pipelines.js';
import type { Device } from './device.js';

interface ReplayedDispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly groups: readonly [number, number, number];
}

/** A plan with everything that WebGPU needs to run it, made once. */
export class Replay {
  readonly #device: Device;
  readonly #dispatches: readonly ReplayedDispatch[];
  readonly #label: string;

  private constructor(device: Device, label: string, dispatches: readonly ReplayedDispatch[]) {
    this.#device = device;
    this.#label = label;
    this.#dispatches = dispatches;
  }

  /** Makes pipelines and bind groups. `bufferOf` gives the buffers that the plan names. */
  static async open(
    device: Device,
    plan: Plan,
    bufferOf: (name: string) => GPUBuffer,
    pool: Pipelines,
    onCompile?: (done: number, total: number) => void,
  ): Promise<Replay> {
    const pipelines = await pool.of(plan.dispatches, onCompile);
    const dispatches = await device.validated(plan.name, (gpu) =>
      plan.dispatches.flatMap(({ code, entry, bindings, groups }) => {
        const made = pipelines.get(code);
        if (made === undefined) return [];
        device.counts.bindGroups++;
        const bindGroup = gpu.createBindGroup({
          label: entry,
          layout: made.layout,
          entries: bindings.map(({ number, buffer, offsetBytes, bytes }) => ({
            binding: number,
            resource: { buffer: bufferOf(buffer), offset: offsetBytes, size: bytes },
          })),
        });
        return [{ pipeline: made.pipeline, bindGroup, groups }];
      }),
    );
    return new Replay(device, plan.name, dispatches);
  }

  /** Submits so many steps as one: the same dispatches, in the same order, every time. */
  run(steps: number): void {
    this.#device.submit((encoder) => this.record(encoder, steps));
  }

  /**
   * Records so many steps for a submit that has more.
   * @param timestampWrites where the pass leaves its times
   */
  record(encoder: GPUCommandEncoder, steps: number, timestampWrites?: GPUComputePassTimestampWrites): void {
    const pass = encoder.beginComputePass({ label: this.#label, ...(timestampWrites && { timestampWrites }) });
    for (let step = 0; step < steps; step++) {
      for (const { pipeline, bindGroup, groups } of this.#dispatches) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(...groups);
      }
    }
    pass.end();
    this.#device.counts.dispatches += steps * this.#dispatches.length;
  }

  /** Submits one dispatch of the plan so many times, without the others. */
  runOne(position: number, times: number): void {
    const dispatch = this.#dispatches[position];
    if (dispatch === undefined) return;
    this.#device.submit((encoder) => {
      const pass = encoder.beginComputePass({ label: this.#label });
      pass.setPipeline(dispatch.pipeline);
      pass.setBindGroup(0, dispatch.bindGroup);
      for (let time = 0; time < times; time++) pass.dispatchWorkgroups(...dispatch.groups);
      pass.end();
    });
    this.#device.counts.dispatches += times;
  }
}
