// The page that runs the laws on the GPU of its browser, one after the other, as it is told.

import { openDevice, type Device } from '../../src/gpu/device.js';
import { laws } from '../laws/index.js';

declare global {
  /** Runs one law. Resolves to what it says against the GPU; to nothing if it says nothing. */
  var runLaw: (subject: string, title: string) => Promise<string>;
}

let opened: Promise<Device> | undefined;

globalThis.runLaw = async (subject, title) => {
  try {
    const device = await (opened ??= openDevice(navigator.gpu));
    const law = laws[subject]?.find((other) => other.title === title);
    if (law === undefined) return `no law ${title}`;
    await law.run(device, navigator.gpu);
    device.mustBeWell();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
