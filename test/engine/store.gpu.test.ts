import { storeLaws } from '../laws/store.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('a Store', storeLaws);
