import { mixedLaws } from '../laws/mixed.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('training on mixed images', mixedLaws);
