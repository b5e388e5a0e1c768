import { inject } from 'vitest';

const pagesMissing = inject('pagesMissing');
if (pagesMissing) throw new Error(`Browser tests cannot run: ${pagesMissing}`);
