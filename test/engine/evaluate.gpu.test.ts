import { evaluateLaws } from '../laws/evaluate.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('evaluate on a GPU', evaluateLaws);
