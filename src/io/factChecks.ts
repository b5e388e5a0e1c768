// What plain data from outside must be, as functions that say the first thing that is not.

/** The path of what is wrong, and what it should be. */
export type Wrong = readonly [path: string, wanted: string];

/** Undefined where all is well. */
export type Check = (path: string, value: unknown) => Wrong | undefined;

const is =
  (wanted: string, holds: (value: unknown) => boolean): Check =>
  (path, value) =>
    holds(value) ? undefined : [path, wanted];

export const text = is('text', (value) => typeof value === 'string');
export const whole = is('whole', (value) => Number.isSafeInteger(value) && Number(value) >= 0);
export const number = is('number', (value) => typeof value === 'number' && Number.isFinite(value));
export const yesOrNo = is('yes or no', (value) => typeof value === 'boolean');

export const oneOf = (...words: readonly string[]): Check =>
  is(words.join(' or '), (value) => words.some((word) => word === value));

export const orNull =
  (check: Check): Check =>
  (path, value) =>
    value === null ? undefined : check(path, value);

/** The first that fits; what is wrong with the last where none does. */
export const either =
  (first: Check, second: Check): Check =>
  (path, value) =>
    first(path, value) === undefined ? undefined : second(path, value);

export const list =
  (check: Check): Check =>
  (path, value) => {
    if (!Array.isArray(value)) return [path, 'a list'];
    for (const [at, each] of value.entries()) {
      const wrong = check(`${path}[${at}]`, each);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };

type Checks = Readonly<Record<string, Check>>;

/** All of these keys, perhaps some of those, and no others. */
export const record =
  (all: Checks, some: Checks = {}): Check =>
  (path, value) => {
    if (!isRecord(value)) return [path || 'the whole', 'an object'];
    const within = (key: string): string => (path === '' ? key : `${path}.${key}`);
    for (const [key, check] of Object.entries({ ...all, ...some })) {
      if (!(key in all) && value[key] === undefined) continue;
      const wrong = check(within(key), value[key]);
      if (wrong !== undefined) return wrong;
    }
    const stray = Object.keys(value).find((key) => !(key in all) && !(key in some));
    return stray === undefined ? undefined : [within(stray), 'known'];
  };

/** A record whose `kind` says which keys it has besides. */
export const kinds =
  (known: Readonly<Record<string, readonly [all: Checks, some?: Checks]>>): Check =>
  (path, value) => {
    if (!isRecord(value)) return [path, 'an object'];
    const { kind } = value;
    const checks = typeof kind === 'string' && Object.hasOwn(known, kind) ? known[kind] : undefined;
    if (checks === undefined) return [`${path}.kind`, `one of ${Object.keys(known).join(', ')}`];
    const [all, some] = checks;
    return record({ kind: text, ...all }, some)(path, value);
  };

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
