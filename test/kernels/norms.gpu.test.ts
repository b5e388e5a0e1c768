import { normLaws } from '../laws/norms.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('norms', normLaws);
