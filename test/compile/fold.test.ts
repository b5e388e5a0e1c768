import { expect, it } from 'vitest';
import { fold } from '../../src/compile/fold.js';
import type { PlannedBinding } from '../../src/compile/plan.js';

const code = (more = '') => `enable subgroups;
@group(0) @binding(0) var<storage, read> a: array<f32, 4>;
@group(0) @binding(1) var<storage, read> b: array<f32, 4>;
@group(0) @binding(2) var<storage, read> n: array<u32, 1>;
@group(0) @binding(3) var<storage, read_write> y: array<f32, 4>;
@group(0) @binding(4) var<storage, read_write> z: array<f32, 4>;

@compute @workgroup_size(4, 1, 1)
fn kernel(@builtin(global_invocation_id) id: vec3u) {
  y[id.x] = a[b[id.x]] + b[n[0]];
  z[id.x] = a[0u];${more}
}`;

const bound = (places: readonly (readonly [buffer: string, offset: number])[]): PlannedBinding[] =>
  (['a', 'b', 'n', 'y', 'z'] as const).map((name, number) => ({
    number,
    name,
    access: name < 'o' ? ('read' as const) : ('read_write' as const),
    buffer: places[number]?.[0] ?? '',
    offsetBytes: places[number]?.[1] ?? 0,
    bytes: name === 'n' ? 4 : 16,
  }));

it('bindings of one buffer, type and use become one, from the first of their words to the last', () => {
  const places = [
    ['s0', 512],
    ['s0', 256],
    ['s0', 0],
    ['s1', 0],
    ['s1', 256],
  ] as const;
  const { code: text, bindings } = fold(code(), bound(places));
  expect(bindings.map(({ buffer, offsetBytes, bytes }) => [buffer, offsetBytes, bytes])).toEqual([
    ['s0', 0, 4],
    ['s1', 0, 272],
    ['s0', 256, 272],
  ]);
  expect(bindings.map(({ number }) => number)).toEqual([0, 1, 2]);
  const [, written, read] = bindings.map(({ name }) => name);
  expect(text).toContain(`${written}[id.x] = ${read}[64u + (${read}[id.x])] + ${read}[n[0]];`);
  expect(text).toContain(`${written}[64u + (id.x)] = ${read}[64u + (0u)];`);
  expect(text.startsWith('enable subgroups;')).toBe(true);
});

it('what is written is bound once: another type between two of its pieces keeps them apart', () => {
  const other = code('\n  w[0] = 1u;').replace(
    '@compute',
    '@group(0) @binding(5) var<storage, read_write> w: array<u32, 1>;\n@compute',
  );
  const places = [
    ['s0', 0],
    ['s0', 256],
    ['s0', 512],
    ['s1', 0],
    ['s1', 512],
  ] as const;
  const own = { number: 5, name: 'w', access: 'read_write' as const, buffer: 's1', offsetBytes: 256, bytes: 4 };
  const { bindings } = fold(other, [...bound(places), own]);
  const written = bindings.filter(({ access }) => access === 'read_write');
  expect(written.map(({ offsetBytes }) => offsetBytes)).toEqual([0, 256, 512]);
});

it('an array that is used as a whole keeps its binding', () => {
  const places = [
    ['s0', 0],
    ['s0', 256],
    ['s1', 0],
    ['s2', 0],
    ['s3', 0],
  ] as const;
  const { bindings } = fold(code('\n  let all = &b;'), bound(places));
  expect(bindings.map(({ name }) => name)).toContain('b');
});
