import { openJax } from './jax.js';
import { servePeer } from './page.js';

servePeer((material) => openJax('webgpu', material));
