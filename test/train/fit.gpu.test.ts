import { fitLaws } from '../laws/fit.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('fit', fitLaws);
