import { EngineError } from '../../core/errors.js';

/** The operator set that models are written in: it has all that the rules need, and is of 2022, so that what runs models knows it. */
export const OPSET = 17;

/** What a net says and ONNX cannot. */
export const refuse = (given: string): EngineError =>
  new EngineError('graph', {
    place: 'onnxOut',
    given,
    wanted: `ops that have a form in ONNX (opset ${OPSET}), for batches of any size`,
    wayOut: 'Say the net with the ops and layers of the engine, or take its weights alone: weightsOut.',
  });
