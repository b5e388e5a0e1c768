// Trained nets as ONNX models, for other runtimes and for Netron. A door of its own: it alone needs protobuf.

export { onnxOut, type OnnxOptions } from './io/onnx/onnxOut.js';
