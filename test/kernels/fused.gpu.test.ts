import { fusedLaws } from '../laws/fused.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('runs of ops in one kernel', fusedLaws);
