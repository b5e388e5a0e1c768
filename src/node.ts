// Node: Dawn, headless Chromium, files.

export { folderCache, cacheFolder, clearFolderCache } from './node/cache.js';
export { checkpointFolder, type CheckpointFolder, type FoundCheckpoint } from './node/checkpoints.js';
export { launchChromium, type Chromium, type ChromiumOptions, type PageAdapter } from './node/chromium.js';
export {
  openDawn,
  openNullDawn,
  searchDawn,
  type DawnAttempt,
  type DawnOptions,
  type DawnSearch,
} from './node/dawn.js';
export { makeFolder, openLines, readBytes, writeAtomic, type LineWriter } from './node/files.js';
export { decodePng, encodePng, type Pixels } from './node/image.js';
export { hasSubfolders, loadImageFolder } from './node/imageFolder.js';
export { folderNotes } from './node/notes.js';
export type { BrowserTried } from './node/findChromium.js';
export { probe, type AdapterFacts, type Probe } from './node/probe.js';
export { serve, serveFolder, type ServeOptions, type Server } from './node/serveFolder.js';
export type { VulkanFiles } from './node/vulkan.js';
export { ensureChromium, ensureGpu, type Host } from './node/setup.js';
