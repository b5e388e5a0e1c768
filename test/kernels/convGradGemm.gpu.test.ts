import { convGradGemmLaws } from '../laws/convGradGemm.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('the way back of convolutions as products of matrices', convGradGemmLaws);
