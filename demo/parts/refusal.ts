import { megabytes } from '../format.js';
import type { Refusal } from '../protocol.js';
import type { Words } from '../text/en.js';

/** Why layers are refused, in the page's language. */
export function reasonOf(refusal: Refusal, t: Words['editor']): string {
  if (refusal.why === 'window') {
    return t.refused.window(refusal.window, refusal.rows, refusal.columns, refusal.padding);
  }
  if (refusal.why === 'size') return t.refused.size(megabytes(refusal.bytes), megabytes(refusal.most));
  return t.refused[refusal.why];
}
