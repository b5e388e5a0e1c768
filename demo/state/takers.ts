import type { Reply } from '../protocol.js';

/** What a part of the state does with the replies that are for it. `S`: the signals that it knows. */
export type Takers<T extends Reply['type'], S> = {
  readonly [K in T]: (state: S, reply: Extract<Reply, { readonly type: K }>) => void;
};
