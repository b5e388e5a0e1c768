import { recoveryLaws } from '../laws/recovery.js';
import { recoveryEndLaws } from '../laws/recoveryEnds.js';
import { recoveryRefusedLaws } from '../laws/recoveryRefused.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('a run that outlives its device', recoveryLaws);
lawsInNode('a recovery that does not go smoothly', recoveryEndLaws);
lawsInNode('a recovery that gets no new device', recoveryRefusedLaws);
