import type { Dialect, Profile } from '../core/profile.js';
import type { Node, Tensor } from '../graph/graph.js';
import type { DType, Shape } from '../core/shape.js';

/** Memory of a kernel's own between its dispatches: partial sums, a packed copy. Compare by identity. */
export interface Temporary {
  readonly temporary: true;
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

export const temporary = (name: string, shape: Shape, dtype: DType = 'f32'): Temporary => ({
  temporary: true,
  name,
  shape,
  dtype,
});

/** What a binding holds. */
export type Slot = Tensor | Temporary;

/** One dispatch, before memory is placed. The WGSL says by itself which bindings are read and which are written. */
export interface Step {
  /** The resolved WGSL of one entry point; its name labels pipeline, bind group and profile row. */
  readonly code: string;
  /** Every binding of the WGSL by its name there. */
  readonly bind: Readonly<Record<string, Slot>>;
  readonly groups: readonly [number, number, number];
  /** Floating-point operations of the mathematics: recomputation earns no credit. */
  readonly flops: number;
  /** Steps of one name may share a dispatch where they do not wait for each other; absent for a step that stands alone. */
  readonly merge?: string;
}

/** What a way to compute costs on an adapter, as far as that is known beforehand. */
export interface Cost {
  /** Once, when the plan is compiled. */
  readonly compileSeconds: number;
  /** Every step. */
  readonly seconds: number;
}

/** One way to compute a match. */
export interface Variant {
  readonly name: string;
  /** The class of adapters it is made for; `any` where it is right everywhere. */
  readonly dialect: Dialect | 'any';
  /** False where limits or features of the adapter rule it out; absent means never. */
  fits?(profile: Profile): boolean;
  /** Absent where nobody has measured: then the order of the variants decides. */
  readonly cost?: Cost;
  steps(profile: Profile): readonly Step[];
}

/** A run of nodes that a kernel computes as one, and the ways it can. The first variant that fits is the default. */
export interface Match {
  readonly nodes: readonly Node[];
  /**
   * Nodes that the kernel computes again wherever it loads what they make: cheap ones, such as a gather. Other kernels may
   * do so too; a node that all of its readers compute again is never stored.
   */
  readonly again?: readonly Node[];
  readonly variants: readonly Variant[];
}

/** What a kernel may ask of the graph around a node. */
export interface Uses {
  /** The adapter: a kernel that has no variant for it matches nothing. */
  readonly profile: Profile;
  /** The nodes that read this tensor. */
  readers(tensor: Tensor): readonly Node[];
  /** Whether someone outside the graph reads it, so that it must be in memory. */
  isKept(tensor: Tensor): boolean;
  /** The one node that reads this tensor; undefined if there are others, or if someone outside the graph reads it. */
  soleReader(tensor: Tensor): Node | undefined;
}

/** A kernel: which runs of ops it covers. Kernels that cover longer runs stand before those of single ops. */
export interface Kernel {
  readonly name: string;
  /** A match that begins at this node, or undefined. */
  match(node: Node, uses: Uses): Match | undefined;
}
