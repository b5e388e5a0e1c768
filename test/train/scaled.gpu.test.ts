import { scaledLaws } from '../laws/scaled.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('training with a loss scale', scaledLaws);
