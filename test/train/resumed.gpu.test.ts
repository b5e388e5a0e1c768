import { resumedLaws } from '../laws/resumed.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('a run that goes on', resumedLaws);
