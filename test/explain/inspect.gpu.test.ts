import { inspectLaws } from '../laws/inspect.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('looks at every layer', inspectLaws);
