import { isPreset } from '../protocol/netText.js';
import type { Words } from '../text/en.js';

/** What a net is called: a name of the library's, or one's own. */
export const netTitle = (net: string, words: Words): string => words.nets[isPreset(net) ? net : 'own'];
