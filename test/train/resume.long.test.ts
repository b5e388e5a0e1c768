import { resumeLawsAfter } from '../laws/resume.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('checkpoints after every step', resumeLawsAfter(Array.from({ length: 20 }, (_, i) => i + 1)));
