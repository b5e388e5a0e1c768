import type { AdapterName, Profile } from '../core/profile.js';

/** Software adapters by the names they give themselves: SwiftShader, Mesa's lavapipe, Microsoft's WARP. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|microsoft basic render|warp/i;

/** What compilation may know of a device. */
export function profileOf(info: GPUAdapterInfo, device: GPUDevice): Profile {
  const adapter = adapterName(info);
  const { limits } = device;
  return {
    dialect: adapter.fallback ? 'cpu' : 'gpu',
    limits: {
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      minStorageBufferOffsetAlignment: limits.minStorageBufferOffsetAlignment,
    },
    features: [...device.features].sort(),
    adapter,
  };
}

function adapterName(info: GPUAdapterInfo): AdapterName {
  const names = [info.description, info.device, info.architecture, info.vendor];
  // Not every implementation sets isFallbackAdapter; the names give a software adapter away.
  const fallback = info.isFallbackAdapter === true || names.some((name) => SOFTWARE.test(name));
  const maker = [info.vendor, info.architecture].filter((word) => word !== '').join(' ');
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    device: info.device,
    description: info.description || maker || 'unnamed adapter',
    fallback,
  };
}
