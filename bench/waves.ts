/** Numbers between −1 and 1, the same for everybody who multiplies. */
export const waves = (size: number, stream: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: size }, (_, i) => Math.sin((stream + 1) * (i + 1)));
