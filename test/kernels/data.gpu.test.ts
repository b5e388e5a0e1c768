import { dataLaws } from '../laws/data.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('the dataset on the GPU', dataLaws);
