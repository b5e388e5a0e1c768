/** A number as WGSL's f32. Large whole numbers get an exponent: without one they would have to fit 64 bits. */
export const f32 = (value: number): string =>
  `f32(${Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : value})`;
