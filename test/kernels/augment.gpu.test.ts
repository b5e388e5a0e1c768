import { augmentLaws } from '../laws/augment.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('augment', augmentLaws);
