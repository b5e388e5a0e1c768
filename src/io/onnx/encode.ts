// A model as the bytes of ModelProto. Format: onnx.proto of ONNX 1.20, and docs/IR.md ("Models", "Graphs", "Tensors").

import { create, toBinary } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType as Kind, ModelProtoSchema, TensorProto_DataType as DataType } from 'onnx-buf';
import type { Attribute, ElementType, Initializer, OnnxGraph, OnnxNode, Size, ValueInfo } from './pieces.js';
import { OPSET } from './refuse.js';

/** The version of the format that came with the operator set. */
const IR_VERSION = 8n;

const TYPES: Readonly<Record<ElementType, DataType>> = {
  float: DataType.FLOAT,
  int64: DataType.INT64,
  uint8: DataType.UINT8,
};

function attribute(name: string, value: Attribute) {
  if ('int' in value) return { name, type: Kind.INT, i: BigInt(value.int) };
  if ('ints' in value) return { name, type: Kind.INTS, ints: value.ints.map(BigInt) };
  return { name, type: Kind.FLOAT, f: value.float };
}

const nodeOf = ({ op, inputs, attributes = {}, name, output, doc }: OnnxNode) => ({
  opType: op,
  input: [...inputs],
  output: [output],
  name,
  attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
  ...(doc === undefined ? {} : { docString: doc }),
});

function dimension(size: Size) {
  if (size === undefined) return {};
  return typeof size === 'number'
    ? { value: { case: 'dimValue', value: BigInt(size) } as const }
    : { value: { case: 'dimParam', value: size } as const };
}

const valueOf = ({ name, type, sizes, doc }: ValueInfo) => ({
  name,
  type: {
    value: {
      case: 'tensorType',
      value: { elemType: TYPES[type], shape: { dim: sizes.map(dimension) } },
    } as const,
  },
  ...(doc === undefined ? {} : { docString: doc }),
});

/** Little-endian whatever the machine is. */
function rawOf({ type, values }: Initializer): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * (type === 'float' ? 4 : 8));
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (type === 'float') view.setFloat32(4 * i, value, true);
    else view.setBigInt64(8 * i, BigInt(value), true);
  }
  return bytes;
}

const tensorOf = (initializer: Initializer) => ({
  name: initializer.name,
  dataType: TYPES[initializer.type],
  dims: initializer.shape.map(BigInt),
  rawData: rawOf(initializer),
});

/** The bytes of a file. The same graph gives the same bytes. */
export function encode(graph: OnnxGraph): Uint8Array<ArrayBuffer> {
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    opsetImport: [{ domain: '', version: BigInt(OPSET) }],
    producerName: 'weft-gpu',
    docString: graph.doc,
    metadataProps: Object.entries(graph.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: graph.name,
      docString: graph.doc,
      node: graph.nodes.map(nodeOf),
      initializer: graph.initializers.map(tensorOf),
      input: [valueOf(graph.input)],
      output: [valueOf(graph.output)],
      valueInfo: graph.values.map(valueOf),
    },
  });
  return toBinary(ModelProtoSchema, model);
}
