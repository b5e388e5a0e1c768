/** pngjs 7 has no types of its own. Only what is used here. */
declare module 'pngjs' {
  export const PNG: {
    readonly sync: {
      /** Throws plain errors. `data` is RGBA, 8 bits each, whatever the file holds. */
      read(file: Buffer): { readonly width: number; readonly height: number; readonly data: Buffer };
      write(image: { readonly width: number; readonly height: number; readonly data: Uint8Array }): Buffer;
    };
  };
}
