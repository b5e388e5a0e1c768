import { sessionLaws } from '../laws/session.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('a Session', sessionLaws);
