import { turnLaws } from '../laws/turns.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('turns of several batches', turnLaws);
