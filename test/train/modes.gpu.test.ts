import { modeLaws } from '../laws/modes.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('training and evaluation differ', modeLaws);
