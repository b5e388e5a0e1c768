import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

type Versions = Record<string, string>;
interface Locked {
  readonly resolved?: string;
  readonly optionalDependencies?: Versions;
}
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const { dependencies, devDependencies } = read('package.json') as { dependencies: Versions; devDependencies: Versions };
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };

it('versions are exact', () => {
  const ranges = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d/.test(version));
  expect(ranges).toEqual([]);
});

// npm writes only the platforms that it can reach, and `npm ci` of npm 11 then fails wherever more can be reached.
it('the lock file names the optional packages of every platform', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});

it('the lock file names no registry but the public one', () => {
  const others = Object.values(packages).filter(
    ({ resolved = '' }) => !/^(https:\/\/registry\.npmjs\.org\/|$)/.test(resolved),
  );
  expect(others).toEqual([]);
});
