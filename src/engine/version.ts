/** The package's version: part of every key under which something measured is kept. */
export const ENGINE_VERSION = '0.1.0';
