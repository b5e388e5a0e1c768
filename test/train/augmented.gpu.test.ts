import { augmentedLaws } from '../laws/augmented.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('training on augmented images', augmentedLaws);
