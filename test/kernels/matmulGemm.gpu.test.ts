import { matmulGemmLaws } from '../laws/matmulGemm.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('large products of matrices', matmulGemmLaws);
