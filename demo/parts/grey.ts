/** Puts bytes, 0 black to 255 white, on a canvas of as many pixels. */
export function paintGrey(canvas: HTMLCanvasElement, bytes: Uint8Array | undefined): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const image = context.createImageData(canvas.width, canvas.height);
  bytes?.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
  context.putImageData(image, 0, 0);
}
