import { parityLaws, shortBatchLaws } from '../laws/parity.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('a trained net is that of an f64 loop', parityLaws);
lawsInNode('a short last batch', shortBatchLaws);
