/** The address of a bundled Worker: https://vite.dev/guide/features#web-workers. */
declare module '*?worker&url' {
  const address: string;
  export { address as default };
}
