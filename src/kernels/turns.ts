import * as shaders from '../../shaders/turns.wgsl.js';
import { spreadGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import { addTurnOp, recordTurnOp, turnOp, whenDueOp } from '../ops/turns.js';
import type { Step } from './kernel.js';
import { single } from './single.js';

const alone = (code: string, bind: Step['bind']): readonly Step[] => [{ code, bind, groups: [1, 1, 1], flops: 0 }];

export const turnKernel = single(turnOp, ({ inputs: [batch], outputs: [turn], attrs }) =>
  alone(shaders.turnOf(attrs), { batch, turn }),
);

export const addTurnKernel = single(addTurnOp, ({ inputs: [, value, turn], outputs: [total] }) => {
  const size = sizeOf(total.shape);
  return [
    { code: shaders.addTurn({ size }), bind: { value, turn, total }, groups: spreadGroups(size), flops: 2 * size },
  ];
});

export const whenDueKernel = single(whenDueOp, ({ inputs: [guard, turn], outputs: [due] }) =>
  alone(shaders.whenDue(), { guard, turn, due }),
);

export const recordTurnKernel = single(recordTurnOp, ({ inputs, outputs: [ring] }) => {
  const [, step, loss, correct, live, turn] = inputs;
  return alone(shaders.recordTurn({ rows: ring.shape[0] ?? 0 }), { step, loss, correct, live, turn, ring });
});
