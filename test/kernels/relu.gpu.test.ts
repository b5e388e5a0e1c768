import { reluLaws } from '../laws/relu.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('relu', reluLaws);
