import { sumLaws } from '../laws/sum.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('sums', sumLaws);
