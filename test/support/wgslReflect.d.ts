// The package's `main` is CommonJS under a name that Node reads as a module; the build that works has no types.
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  /** Runs workgroups in lockstep; `bindGroups` are group → binding → memory. */
  export function detectRaces(
    code: string,
    kernel: string,
    dispatchCount: number[],
    bindGroups: Record<number, Record<number, ArrayBufferView>>,
  ): { readonly races: readonly { readonly message: string }[]; readonly errors: readonly string[] };
}
