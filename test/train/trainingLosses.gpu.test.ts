import { trainingLossLaws } from '../laws/trainingLosses.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('losses that a trainer is given', trainingLossLaws);
