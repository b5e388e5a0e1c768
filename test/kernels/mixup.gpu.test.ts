import { mixupLaws } from '../laws/mixup.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('images in pairs', mixupLaws);
