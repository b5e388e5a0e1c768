import { validationLaws } from '../laws/validation.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('validation', validationLaws);
