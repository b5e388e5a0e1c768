// What made an object, as plain data: it can be written down, compared, and followed again.

/** What JSON holds. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** A kind and its settings, all of them: defaults are filled in. */
export interface Recipe {
  readonly kind: string;
  readonly [setting: string]: Plain;
}

/** The kind of what somebody made by himself: nobody else can make it again. */
export const OWN = 'own';

/** Beside the objects and not on them: a copy that was changed is not what the recipe makes. */
const recipes = new WeakMap<object, Recipe>();

/** Notes what made an object; an object that is made of one's own is one's own. */
export function made<T extends object>(recipe: Recipe, object: T): T {
  if (!Object.values(recipe).some(isOwn)) recipes.set(object, recipe);
  return object;
}

/** What made an object; the kind `own` where that is not known. */
export const recipeOf = (object: object): Recipe => recipes.get(object) ?? { kind: OWN };

const isOwn = (value: Plain): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value['kind'] === OWN;

/** Whether two plain values are the same; the order of keys does not count. */
export function samePlain(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return (
    left.size === right.size && [...left].every(([key, value]) => right.has(key) && samePlain(value, right.get(key)))
  );
}

/** For messages: words as they are, nothing as none, all else as JSON. */
export const plainText = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value);
