import { controlLaws } from '../laws/control.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('guard and counters', controlLaws);
