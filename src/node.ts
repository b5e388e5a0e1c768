// Node: Dawn, headless Chromium, files.

export { folderCache, cacheFolder, clearFolderCache } from './node/cache.js';
export { checkpointFolder, type CheckpointFolder, type FoundCheckpoint } from './node/checkpoints.js';
export { launchChromium, type Chromium, type ChromiumOptions } from './node/chromium.js';
export { openDawn, openNullDawn, searchDawn, type DawnOptions } from './node/dawn.js';
export { makeFolder, openLines, readBytes, writeAtomic, type LineWriter } from './node/files.js';
export { decodePng, encodePng, type Pixels } from './node/image.js';
export { hasSubfolders, loadImageFolder } from './node/imageFolder.js';
export { folderNotes } from './node/notes.js';
export { probe, type Probe } from './node/probe.js';
export { serve, serveFolder, type Server } from './node/serveFolder.js';
export { ensureChromium, ensureGpu } from './node/setup.js';
