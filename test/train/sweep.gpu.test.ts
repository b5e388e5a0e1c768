import { sweepLaws } from '../laws/sweep.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('sweeps', sweepLaws);
