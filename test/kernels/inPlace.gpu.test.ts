import { inPlaceLaws } from '../laws/inPlace.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('kernels that write in place', inPlaceLaws);
