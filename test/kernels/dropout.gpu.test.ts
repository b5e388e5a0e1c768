import { dropoutLaws } from '../laws/dropout.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('dropout', dropoutLaws);
