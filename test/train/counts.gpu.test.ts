import { countLaws } from '../laws/counts.js';
import { determinismLaws } from '../laws/determinism.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('what training makes, submits and reads', countLaws);
lawsInNode('the same seed on the same adapter', determinismLaws);
