// The laboratory: ops, graphs, plans and kernels, for experiments, checks and timings.

export { defaultProfile } from './core/profile.js';
export { compile, type CompileOptions } from './compile/compile.js';
export { describe, withUnit } from './compile/describe.js';
export type { Plan, PlannedDispatch } from './compile/plan.js';
export { checkRun, type RunCheck } from './engine/check.js';
export { openRun, runCases, type CaseOptions, type OpenRun, type RunCase } from './engine/checkCases.js';
export { evaluate, type Evaluated, type EvaluateOptions, type Operand } from './engine/evaluate.js';
export { classOf, type AdapterClass } from './engine/adapterClass.js';
export { selfTest, type SelfTestOptions, type SelfTestReport } from './engine/selfTest.js';
export { tune, type Tuned, type TuneOptions } from './engine/tune.js';
export { Session, type SessionOptions } from './engine/session.js';
export { Store } from './engine/store.js';
export { Formulas } from './graph/evaluate.js';
export { Graph, type Node, type Tensor, type Values } from './graph/graph.js';
export { defineOp, type Op, type OpDefinition } from './graph/op.js';
export { gradients } from './graph/tape.js';
export { kernels } from './kernels/index.js';
export type { Kernel, Match, Step, Variant } from './kernels/kernel.js';
export * from './ops/index.js';
export { trainGraph } from './train/graphs.js';
