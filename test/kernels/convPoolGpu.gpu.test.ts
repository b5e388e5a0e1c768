import { convPoolGpuLaws } from '../laws/convPoolGpu.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('convolution to pool in one kernel', convPoolGpuLaws);
