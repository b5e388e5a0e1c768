import { embeddingLaws } from '../laws/embedding.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('rows of a table', embeddingLaws);
