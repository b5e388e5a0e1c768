import { updatingLaws } from '../laws/updating.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('groups, bounds, turns and schedules', updatingLaws);
