import { optimizerLaws } from '../laws/optimizers.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('updates and the norm of gradients', optimizerLaws);
