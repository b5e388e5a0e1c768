import { elementwiseLaws } from '../laws/elementwise.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('arithmetic, element by element', elementwiseLaws);
