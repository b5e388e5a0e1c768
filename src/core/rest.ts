/**
 * Called when somebody begins to wait for a GPU; what it returns is called when they wait no more.
 *
 * Some hosts ask their GPU for news in every turn of the event loop, as fast as the processor goes. They say so here, and
 * the engine lets the loop rest for as long as all that it does is to wait.
 */
export type Rest = () => () => void;

const rests = new WeakMap<GPU, Rest>();

/** Says that devices of this GPU object are waited for so. */
export function waitWith(gpu: GPU, rest: Rest): void {
  rests.set(gpu, rest);
}

/** How devices of this GPU object are waited for, if in a way of their own. */
export function restOf(gpu: GPU): Rest | undefined {
  return rests.get(gpu);
}
