import { lossScaleLaws } from '../laws/lossScale.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('a loss scale', lossScaleLaws);
