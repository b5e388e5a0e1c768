import { extremeLaws } from '../laws/extremes.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('the largest, the smallest, and where', extremeLaws);
