import { inject } from 'vitest';

const gpuMissing = inject('gpuMissing');
if (gpuMissing) throw new Error(`GPU tests cannot run: ${gpuMissing}`);
