import { mistakeLaws } from '../laws/mistakes.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('mistakes and the confusion matrix', mistakeLaws);
