import { learningLaws } from '../laws/learning.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('learning', learningLaws);
