import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultProfile } from '../../src/core/profile.js';
import { adapterKey, addNotes, forgetNotes, memoryNotes, parseNotes, readNotes } from '../../src/engine/notes.js';
import { ENGINE_VERSION } from '../../src/engine/version.js';

const profile = defaultProfile('gpu');
const whole = {
  tested: { abc: ['k v'] },
  tuned: { 'key #1': { variant: 'quad', ms: 1.5 } },
  plans: { step: { without: ['denseTail'], ms: 12 } },
  wrong: ['k w'],
};

describe('the key of an adapter’s notes', () => {
  it('differs where adapter, driver, features or dialect do', () => {
    const { adapter } = profile;
    const others = [
      { ...profile, dialect: 'cpu' as const },
      { ...profile, features: ['subgroups'] },
      ...(['vendor', 'architecture', 'device', 'description'] as const).map((name) => ({
        ...profile,
        adapter: { ...adapter, [name]: 'other' },
      })),
    ];
    const keys = [adapterKey(profile, 'a'), adapterKey(profile, 'b'), ...others.map((one) => adapterKey(one, 'a'))];
    expect(new Set(keys).size).toBe(keys.length);
  });
  it('holds the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(ENGINE_VERSION).toBe(version);
    expect(adapterKey(profile, '')).toContain(`weft ${version} `);
  });
});

describe('notes', () => {
  it('come back as they were added, one addition beside the other', async () => {
    const notes = memoryNotes();
    await addNotes(notes, profile, whole);
    await addNotes(notes, profile, { tested: { def: [] }, wrong: ['k w', 'k x'] });
    expect(await readNotes(notes, profile)).toEqual({
      known: { ...whole, tested: { abc: ['k v'], def: [] }, wrong: ['k w', 'k x'] },
    });
  });
  it('of one adapter are not those of another', async () => {
    const notes = memoryNotes();
    await addNotes(notes, profile, whole);
    expect((await readNotes(notes, defaultProfile('cpu'))).known.wrong).toEqual([]);
  });
  it('are gone once they are forgotten', async () => {
    const notes = memoryNotes();
    await addNotes(notes, profile, whole);
    await forgetNotes(notes, profile);
    expect(await readNotes(notes, profile)).toEqual({ known: { tested: {}, tuned: {}, plans: {}, wrong: [] } });
  });
  it('that cannot be read or kept are none, and nobody fails for that', async () => {
    const closed = {
      driver: '',
      get: () => Promise.reject(new Error('no')),
      put: () => Promise.reject(new Error('no')),
    };
    await expect(addNotes(closed, profile, whole)).resolves.toBeUndefined();
    expect((await readNotes(closed, profile)).known.wrong).toEqual([]);
  });
  it.each([
    '',
    'null',
    '[]',
    '{',
    '{"tested":{}}',
    JSON.stringify({ ...whole, tested: { a: 'k v' } }),
    JSON.stringify({ ...whole, tested: [] }),
    JSON.stringify({ ...whole, wrong: [1] }),
    JSON.stringify({ ...whole, wrong: 'k v' }),
    JSON.stringify({ ...whole, tuned: { a: { variant: 1, ms: 1 } } }),
    JSON.stringify({ ...whole, tuned: { a: { variant: 'quad', ms: -1 } } }),
    JSON.stringify({ ...whole, tuned: { a: { variant: 'quad', ms: '1' } } }),
    JSON.stringify({ ...whole, tuned: { a: null } }),
    JSON.stringify({ ...whole, plans: [] }),
    JSON.stringify({ ...whole, plans: { a: { without: 'denseTail', ms: 1 } } }),
    JSON.stringify({ ...whole, plans: { a: { without: [1], ms: 1 } } }),
    JSON.stringify({ ...whole, plans: { a: { without: [], ms: '1' } } }),
    `${' '.repeat(5 * 2 ** 20)}${JSON.stringify(whole)}`,
  ])('that are damaged are not used, and it is said: %.40s', async (text) => {
    const notes = memoryNotes();
    notes.texts.set(adapterKey(profile, ''), text);
    const { known, problem } = await readNotes(notes, profile);
    expect(known).toEqual({ tested: {}, tuned: {}, plans: {}, wrong: [] });
    expect(problem).toMatch(/damaged/);
  });
  it('that were kept before plans were compared are notes without plans', () => {
    expect(parseNotes(JSON.stringify({ ...whole, plans: undefined }))).toEqual({ ...whole, plans: {} });
  });
  it('of any JSON are notes or none: reading never throws', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const parsed = parseNotes(text);
        expect(parsed === undefined || Array.isArray(parsed.wrong)).toBe(true);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void parseNotes(text)));
  });
});
