import { matmulBatchedLaws } from '../laws/matmulBatched.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('products of matrices in batches', matmulBatchedLaws);
