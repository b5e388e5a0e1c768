import { figure, tutorial, wide } from '../src/index.js';

/** The nets that every table has. */
export const benchNets = { tutorial, figure, wide } as const;
