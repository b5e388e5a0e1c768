import { divergenceLaws } from '../laws/divergence.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('what is not finite', divergenceLaws);
