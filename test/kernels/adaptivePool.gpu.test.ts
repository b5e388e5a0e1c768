import { adaptivePoolLaws } from '../laws/adaptivePool.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('adaptive pools', adaptivePoolLaws);
