import { rateLaws } from '../laws/rates.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('rates on the GPU', rateLaws);
