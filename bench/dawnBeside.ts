// The package webgpu as the built bench finds it: in the folder that it was carried with, or else installed.

import { existsSync } from 'node:fs';
import type * as Dawn from 'webgpu';

const beside = new URL('./webgpu/index.js', import.meta.url);
const installed = 'webgpu';

export const { create, globals } = (await import(existsSync(beside) ? beside.href : installed)) as typeof Dawn;
