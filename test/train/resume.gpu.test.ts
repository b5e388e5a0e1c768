import { resumeLaws } from '../laws/resume.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('checkpoints', resumeLaws);
