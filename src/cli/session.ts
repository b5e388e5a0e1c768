import { openHost } from './host.js';
import { onInterrupt } from './interrupt.js';
import type { Host } from './run.js';
import { Screen } from './screen.js';

export interface Session {
  readonly host: Host;
  readonly screen: Screen;
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Work on an open host, which is closed afterwards, however the work ends. */
export async function onHost<T>(
  { backend, quiet }: { readonly backend: string | undefined; readonly quiet: boolean },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const screen = new Screen({ quiet });
  const { signal, release } = onInterrupt(screen);
  try {
    screen.progress(() => 'looking for a GPU');
    const host = await openHost(backend);
    try {
      signal.throwIfAborted();
      return await work({ host, screen, signal });
    } finally {
      screen.progress(undefined);
      await host.close();
    }
  } finally {
    screen.progress(undefined);
    release();
  }
}
