import { randomNetLaws } from '../laws/randomNets.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('random nets', randomNetLaws);
