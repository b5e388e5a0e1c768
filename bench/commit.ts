declare const WEFT_COMMIT: string | undefined;

/** The commit that this bundle was built from, `-dirty` if files differed from it. */
export const BUILT_FROM = typeof WEFT_COMMIT === 'string' ? WEFT_COMMIT : 'unknown';
