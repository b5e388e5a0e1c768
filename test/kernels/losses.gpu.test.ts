import { lossFunctionLaws } from '../laws/losses.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('losses', lossFunctionLaws);
