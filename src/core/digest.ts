import { pcg } from './random.js';

/**
 * A short name for a text, 16 hexadecimal digits: equal for equal texts, and by chance alone (2⁻⁶⁴) for two others.
 * Two chains of `pcg` over the UTF-16 units; no cryptographic digest, which a page could compute only asynchronously.
 */
export function digestOf(text: string): string {
  let [left, right] = [1, 2];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    left = pcg(left ^ unit);
    right = pcg(right + Math.imul(unit, 0x9e3779b1));
  }
  return [left, right].map((word) => word.toString(16).padStart(8, '0')).join('');
}
