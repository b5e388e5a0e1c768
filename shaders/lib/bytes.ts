/** WGSL of the byte at a position. Bytes lie four to a word, the first in the lowest bits. */
export const byteAt = (array: string, position: string): string =>
  `((${array}[(${position}) / 4u] >> (((${position}) % 4u) * 8u)) & 255u)`;

export const wordsOf = (bytes: number): number => Math.ceil(bytes / 4);
