import { movementLaws } from '../laws/movement.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('elements that move', movementLaws);
