import { epochLaws } from '../laws/epochs.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('epochs', epochLaws);
