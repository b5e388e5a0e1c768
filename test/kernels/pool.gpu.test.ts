import { poolLaws } from '../laws/pool.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('pools', poolLaws);
