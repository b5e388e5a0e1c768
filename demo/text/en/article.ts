/** A digit with its article: an 8, a 7. */
export const a = (digit: number): string => `${String(digit) === '8' ? 'an' : 'a'} ${digit}`;
