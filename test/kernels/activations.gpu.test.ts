import { activationLaws } from '../laws/activations.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('activations', activationLaws);
