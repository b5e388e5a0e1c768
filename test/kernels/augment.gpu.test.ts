import { augmentLaws } from '../laws/augment.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('augmentation', augmentLaws);
