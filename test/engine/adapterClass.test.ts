import { describe, expect, it } from 'vitest';
import { classOf, type AdapterClass } from '../../src/engine/adapterClass.js';

/** vendor, architecture, device, description as adapters give them. */
const adapters: readonly (readonly [AdapterClass, string, string, string, string])[] = [
  ['nvidia', 'nvidia', 'ampere', '', ''],
  ['nvidia', 'nvidia', 'hopper', '0x2330', 'NVIDIA H100 80GB HBM3'],
  ['integrated', 'nvidia', '', '', 'NVIDIA Tegra Orin (nvgpu)'],
  ['apple', 'apple', 'metal-3', '', ''],
  ['apple', 'apple', 'common-3', '', 'Apple M2 Pro'],
  ['amd', 'amd', 'rdna-3', '', 'AMD Radeon RX 7900 XTX'],
  ['integrated', 'amd', 'gcn-5', '', 'AMD Radeon(TM) Graphics'],
  ['integrated', 'amd', 'rdna-3', '', 'AMD Radeon 780M Graphics (RADV PHOENIX)'],
  ['integrated', 'intel', 'gen-9', '', 'Intel(R) UHD Graphics 630'],
  ['integrated', 'intel', 'xe', '', 'Intel(R) Iris(R) Xe Graphics'],
  ['intel', 'intel', 'xe-hpg', '', 'Intel(R) Arc(TM) A770 Graphics'],
  ['integrated', 'qualcomm', 'adreno-7xx', '', ''],
  ['integrated', 'arm', 'valhall', '', 'Mali-G715'],
  ['other', 'moorethreads', '', '', 'MTT S80'],
  ['other', '', '', '', 'unnamed adapter'],
];

describe('classOf', () => {
  it.each(adapters)('is %s for %s %s %s %s', (wanted, vendor, architecture, device, description) => {
    const adapter = { vendor, architecture, device, description, fallback: false };
    expect(classOf({ adapter, dialect: 'gpu' })).toBe(wanted);
  });
  it('is software for whatever renders in software, whoever made it', () => {
    const adapter = { vendor: 'nvidia', architecture: '', device: '', description: '', fallback: true };
    expect(classOf({ adapter, dialect: 'cpu' })).toBe('software');
    expect(classOf({ adapter: { ...adapter, fallback: false }, dialect: 'cpu' })).toBe('software');
  });
});
