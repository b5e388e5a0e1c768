/** A page may share memory with its Workers, and has a fine clock, only if it is served so. */
export const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** A page that is nothing but the script of its name. */
export const pageText = (name: string): string =>
  `<!doctype html><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">
<script type="module" src="/${name}.js"></script>`;
