import '@tensorflow/tfjs-backend-webgpu';
import { servePeer } from './page.js';
import { openTfjs } from './tfjs.js';

servePeer((material) => openTfjs({ backend: 'webgpu', about: '4.22.0 webgpu, NHWC, fused ops' }, material));
