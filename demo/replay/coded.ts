// Replies of the Worker as JSON: arrays of numbers in base64, numbers that JSON has no word for by name.

const KINDS = { u8: Uint8Array, f32: Float32Array, u32: Uint32Array } as const;
type Kind = keyof typeof KINDS;

const MARK = '$';

/** JSON of a value that `postMessage` could send: plain data and typed arrays. */
export function coded(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'number' && !Number.isFinite(one)) return { [MARK]: 'number', text: String(one) };
    const kind = kindOf(one);
    return kind === undefined ? one : { [MARK]: kind, text: base64(one as Uint8Array) };
  });
}

/**
 * The value of such a JSON.
 * @throws SyntaxError for a text that is none
 */
export function decoded(text: string): unknown {
  return JSON.parse(text, (_, one: unknown) => {
    if (typeof one !== 'object' || one === null || !(MARK in one)) return one;
    const { [MARK]: kind, text } = one as { [MARK]: unknown; text?: unknown };
    if (typeof text !== 'string') throw new SyntaxError('A coded value has no text.');
    if (kind === 'number') return Number(text);
    if (!Object.hasOwn(KINDS, String(kind))) throw new SyntaxError(`There are no arrays of the kind ${String(kind)}.`);
    const Values = KINDS[kind as Kind];
    return new Values(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  });
}

const kindOf = (value: unknown): Kind | undefined =>
  (Object.keys(KINDS) as Kind[]).find((kind) => value instanceof KINDS[kind]);

function base64({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  let letters = '';
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters);
}
