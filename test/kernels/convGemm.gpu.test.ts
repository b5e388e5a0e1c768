import { convGemmLaws } from '../laws/convGemm.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('convolutions as products of matrices', convGemmLaws);
