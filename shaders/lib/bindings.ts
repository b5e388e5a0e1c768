/** WGSL: declarations of group 0, numbered in their order, from texts such as `var<storage, read> x: array<f32, 4>`. */
export const declared = (bindings: readonly string[]): string =>
  bindings.map((binding, number) => `@group(0) @binding(${number}) ${binding};`).join('\n');
