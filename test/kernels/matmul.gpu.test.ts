import { matmulLaws } from '../laws/matmul.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('products of matrices', matmulLaws);
