declare module 'wgsl-preprocessor/wgsl-preprocessor.js' {
  /** Tags a template of WGSL: `#if ${…} … #elif ${…} … #else … #endif` decide text. */
  export function wgsl(strings: TemplateStringsArray, ...values: readonly unknown[]): string;
}
