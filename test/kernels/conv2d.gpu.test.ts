import { convLaws } from '../laws/conv2d.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('convolution', convLaws);
