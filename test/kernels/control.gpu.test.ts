import { controlLaws } from '../laws/control.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('guard, counters and updates', controlLaws);
