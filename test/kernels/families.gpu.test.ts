import { familyLaws } from '../laws/families.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('formulas, element by element', familyLaws);
