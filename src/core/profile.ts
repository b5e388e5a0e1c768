/**
 * Plain data about an adapter: all that compilation knows of the machine, so that a plan is a pure function of its inputs.
 */
export interface Profile {
  /** `cpu`: a software adapter, where workgroup memory and barriers are dear. `gpu`: everything else. */
  readonly dialect: Dialect;
  readonly limits: ProfileLimits;
  /** Optional WebGPU features that the device was opened with, such as `shader-f16`. */
  readonly features: readonly string[];
  /** Who it is, for people, tables and caches. */
  readonly adapter: AdapterName;
}

export type Dialect = 'cpu' | 'gpu';

export interface AdapterName {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** Rendered by software. */
  readonly fallback: boolean;
}

/** The limits of a device that plans depend on; bytes where not said otherwise. */
export interface ProfileLimits {
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
  readonly maxStorageBuffersPerShaderStage: number;
  readonly maxComputeWorkgroupsPerDimension: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxComputeWorkgroupStorageSize: number;
  readonly minStorageBufferOffsetAlignment: number;
}

/** What every WebGPU adapter offers (WebGPU specification, §3.6.2), for compiling with no adapter at hand. */
export const defaultProfile = (dialect: Dialect): Profile => ({
  dialect,
  limits: {
    maxStorageBufferBindingSize: 128 * 2 ** 20,
    maxBufferSize: 256 * 2 ** 20,
    maxStorageBuffersPerShaderStage: 8,
    maxComputeWorkgroupsPerDimension: 65_535,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupStorageSize: 16_384,
    minStorageBufferOffsetAlignment: 256,
  },
  features: [],
  adapter: {
    vendor: '',
    architecture: '',
    device: '',
    description: `default ${dialect} profile`,
    fallback: dialect === 'cpu',
  },
});
