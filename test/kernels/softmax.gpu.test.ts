import { softmaxLaws } from '../laws/softmax.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('softmax, its loss and its batches', softmaxLaws);
