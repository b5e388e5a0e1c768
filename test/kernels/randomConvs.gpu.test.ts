import { randomConvLaws } from '../laws/randomConvs.js';
import { lawsInNode } from '../support/node.js';

lawsInNode('random convolutions', randomConvLaws);
