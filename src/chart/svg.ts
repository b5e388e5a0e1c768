// The little of SVG that the charts need: text that cannot break the markup, and colours for light and dark.

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0) ?? 0};`);

/** Two decimals are a fraction of a pixel. */
export const px = (value: number): string => `${Math.round(value * 100) / 100}`;

/** Widths of the font are not known; so many pixels a character is enough for a system font of 13 px. */
export const textWidth = (text: string): number => 7.2 * text.length;

const STYLE = `
  svg { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
  text { fill: #1b2226; } .soft { fill: #566069; } .title { font-size: 15px; font-weight: 650; }
  .end { text-anchor: end; } .middle { text-anchor: middle; }
  .bar { fill: #9aa6ad; } .strong { fill: #0b6e69; } .spread, .roof { stroke: #1b2226; fill: none; stroke-width: 1.5; }
  .halo { paint-order: stroke; stroke: #fffefb; stroke-width: 4; stroke-linejoin: round; }
  .way { stroke: #9aa6ad; fill: none; stroke-width: 1.5; } .lost-way { stroke-dasharray: 3 4; }
  .best { stroke: #0b6e69; fill: none; stroke-width: 3; } .axis { stroke: #566069; }
  .lost { stroke: #b23a26; stroke-width: 2; fill: none; }
  .grid { stroke: #dfdbd2; } .point { fill: #0b6e69; fill-opacity: 0.75; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e7ebec; } .soft { fill: #a0abb2; } .bar { fill: #5f6b72; } .strong { fill: #3fb9ae; }
    .halo { stroke: #121618; } .way { stroke: #5f6b72; } .best { stroke: #3fb9ae; } .axis { stroke: #a0abb2; } .lost { stroke: #ef8a73; }
    .spread, .roof { stroke: #e7ebec; } .grid { stroke: #2d363b; } .point { fill: #3fb9ae; }
  }`;

/** A whole document of so many pixels. It has no background: the page's is behind it. */
export const svgText = (width: number, height: number, label: string, body: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}" role="img" aria-label="${escaped(label)}">
<style>${STYLE}
</style>
${body.join('\n')}
</svg>
`;

/** Text at a place. */
export const textAt = (x: number, y: number, text: string, style = ''): string =>
  `<text x="${px(x)}" y="${px(y)}"${style === '' ? '' : ` class="${style}"`}>${escaped(text)}</text>`;
