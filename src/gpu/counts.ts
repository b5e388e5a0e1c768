/** What was asked of a device so far: counted, so that a test can hold it. */
export interface DeviceCounts {
  buffers: number;
  /** Bytes of the buffers that are not yet destroyed. */
  bytes: number;
  /** The most that these have been. Whoever wants the peak of a stretch sets it to `bytes` before. */
  peakBytes: number;
  pipelines: number;
  bindGroups: number;
  dispatches: number;
  submits: number;
  /** Calls of `queue.writeBuffer`. */
  uploads: number;
  /** Staging buffers mapped for reading. */
  mappedReads: number;
}

export const noCounts = (): DeviceCounts => ({
  buffers: 0,
  bytes: 0,
  peakBytes: 0,
  pipelines: 0,
  bindGroups: 0,
  dispatches: 0,
  submits: 0,
  uploads: 0,
  mappedReads: 0,
});
