import { describe, expect, it } from 'vitest';
import { barChart } from '../../bench/chart.js';
import { roofOf } from '../../bench/peaks.js';
import { rooflineChart, type RooflinePoint } from '../../bench/roofline.js';
import { digits, tableText } from '../../bench/table.js';

/** What breaks the markup: a tag that is closed by another, never, or without being opened; a sign that must be escaped. */
function faultOf(svg: string): string | undefined {
  const open: string[] = [];
  for (const [tag, close, name, , self] of svg.matchAll(/<(\/?)([a-z]+)((?:\s+[a-zA-Z-]+="[^"<]*")*)\s*(\/?)>/g)) {
    if (close === '/' && open.pop() !== name) return `${tag} closes another`;
    if (close === '' && self === '') open.push(name ?? '');
  }
  const text = svg.replace(/<[^<>]*>/g, '');
  if (/[<>]|&(?!#\d+;)/.test(text)) return 'a bare sign in the text';
  return open.length > 0 ? `${open.join(', ')} never closed` : undefined;
}

const attributesOf = (svg: string, pattern: RegExp): number[] =>
  [...svg.matchAll(pattern)].map((found) => Number(found[1]));

describe('a chart of bars', () => {
  const bars = [
    { label: 'a <b> & "c"', median: 50, min: 40, max: 100, strong: true },
    { label: 'slow', median: 25, min: 25, max: 25, strong: false },
  ];
  const svg = barChart({ title: 'x < y & z', unit: 'steps/s', groups: [{ label: '', bars }] });

  it('is well-formed, whatever its labels hold', () => {
    expect(faultOf(svg)).toBeUndefined();
    expect(svg).toContain('a &#60;b&#62; &#38; &#34;c&#34;');
  });

  it('the check of these tests finds what is not', () => {
    expect(faultOf('<svg><g></svg>')).toBeDefined();
    expect(faultOf('<svg>a & b</svg>')).toBeDefined();
    expect(faultOf('<svg>')).toBeDefined();
  });

  it('has bars as long as their medians, from zero', () => {
    const [first = NaN, second = NaN] = attributesOf(svg, /<rect[^>]* width="([\d.]+)"/g);
    expect(first / second).toBeCloseTo(2, 1);
  });

  it('has a whisker from the least to the most', () => {
    const [x = NaN] = attributesOf(svg, /<rect[^>]* x="([\d.]+)"/g);
    const [width = NaN] = attributesOf(svg, /<rect[^>]* width="([\d.]+)"/g);
    const found = /class="spread" d="M([\d.]+) [\d.]+H([\d.]+)/.exec(svg);
    const [least, most] = [Number(found?.[1]), Number(found?.[2])];
    expect((least - x) / width).toBeCloseTo(40 / 50, 2);
    expect((most - x) / width).toBeCloseTo(100 / 50, 2);
  });

  it('has colours for dark and for light', () => {
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it('of nothing is well-formed', () => {
    expect(faultOf(barChart({ title: 'none', unit: '', groups: [] }))).toBeUndefined();
  });
});

describe('a roofline', () => {
  const peaks = { gflops: 100, gbytes: 10 };
  const point = (label: string, flops: number, bytes: number, ms: number): RooflinePoint => ({
    label,
    flops,
    bytes,
    ms,
    covers: 'matmul → add',
    count: 1,
  });

  it('is well-formed and has every kernel once', () => {
    const points = [point('a', 1e9, 1e6, 20), point('b', 1e6, 1e7, 2), point('c', 1e6, 1e7, 2)];
    const svg = rooflineChart({ title: 'Kernels', peaks, points });
    expect(faultOf(svg)).toBeUndefined();
    expect(svg.match(/<circle/g)).toHaveLength(3);
  });

  it('without kernels has its roof all the same', () => {
    expect(rooflineChart({ title: 'Kernels', peaks, points: [] })).toContain('class="roof"');
  });

  it('the roof is the memory’s up to the ridge and the adapter’s beyond', () => {
    expect(roofOf(peaks, 1, 1)).toBe(10);
    expect(roofOf(peaks, 10, 1)).toBe(100);
    expect(roofOf(peaks, 1000, 1)).toBe(100);
  });
});

describe('tables', () => {
  it('align names to the left and numbers to the right', () => {
    expect(
      tableText(
        ['', 'ms'],
        [
          ['long name', '1'],
          ['b', '200'],
        ],
      ),
    ).toBe('            ms\nlong name    1\nb          200');
  });

  it('numbers have three digits', () => {
    expect([0, 0.001234, 1.234, 123.4, 12_345].map(digits)).toEqual(['0', '0.00123', '1.23', '123', '12345']);
  });
});
