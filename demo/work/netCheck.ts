// Whether layers fit each other, and this GPU: by shapes alone, nothing is computed.

import { EngineError, type Net } from '../../src/index.js';
import { layersOfNet, type LayerChoice } from '../protocol/netText.js';
import type { NetCheck, Refusal } from '../protocol.js';
import type { Desk, Handlers } from './desk.js';
import { isFlattening, netOf, netOfChoices, summaryOf } from './nets.js';

export const netHandlers = (desk: Desk): Handlers<'checkNet'> => ({
  checkNet: ({ net, batch }) =>
    desk.post({
      type: 'netChecked',
      check: checkOf(net, batch, desk.device?.profile.limits.maxStorageBufferBindingSize),
    }),
});

/**
 * @param batch images a batch
 * @param most bytes that a GPU binds of one buffer; any number if undefined
 */
export function checkOf(net: string, batch: number, most = Infinity): NetCheck {
  const choices = layersOfNet(net) ?? [];
  const facts = (of: Net) => summaryOf(of).layers.filter((layer) => !isFlattening(layer));
  for (const [at, choice] of choices.entries()) {
    const before = netOfChoices(choices.slice(0, at));
    try {
      netOfChoices(choices.slice(0, at + 1));
    } catch (error) {
      return {
        net,
        facts: facts(before),
        summary: undefined,
        refusal: { at, ...reasonOf(error, choice, before.output) },
      };
    }
  }
  const whole = netOf(net);
  const refusal = sizeRefusal(whole, choices.length, batch, most);
  return { net, facts: facts(whole), summary: refusal === undefined ? summaryOf(whole) : undefined, refusal };
}

type Reason = Refusal extends infer R ? (R extends Refusal ? Omit<R, 'at'> : never) : never;

function reasonOf(error: unknown, choice: LayerChoice, input: readonly number[]): Reason {
  if (!(error instanceof EngineError)) throw error;
  const detail = error.message;
  if (error.code !== 'shape' || (choice.kind !== 'conv' && choice.kind !== 'pool')) return { why: 'other', detail };
  const [, rows, columns] = input;
  if (rows === undefined || columns === undefined) return { why: 'flat', detail };
  const padding = choice.kind === 'conv' ? choice.padding : 0;
  return { why: 'window', detail, window: choice.window, rows, columns, padding };
}

/** All parameters lie in one buffer, and the values of a batch in another for each layer. */
function sizeRefusal({ bytes, layers }: Net, at: number, batch: number, most: number): Refusal | undefined {
  const values = layers.map(({ output }) => 4 * batch * output.reduce((product, size) => product * size, 1));
  const largest = Math.max(bytes, ...values);
  if (largest <= most) return undefined;
  const { message: detail } = new EngineError('limit', {
    place: 'net',
    given: `${largest} bytes in one buffer`,
    wanted: `at most ${most} (maxStorageBufferBindingSize)`,
    wayOut: 'Use fewer filters or units, or a smaller batch.',
  });
  return { at, why: 'size', bytes: largest, most, detail };
}
