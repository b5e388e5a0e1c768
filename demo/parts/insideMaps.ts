import { html, type TemplateResult } from 'lit-html';
import type { Inside, Maps, Place, WorkedOut } from '../protocol/inside.js';
import type { Words } from '../text/en.js';
import { spotBeside, spotUnder } from './spots.js';

type T = Words['inside'];

/** What goes into the convolution, what each filter makes of it, and one of these results large enough to point at. */
export const mapsOf = (inside: Inside, { place }: WorkedOut, t: T, look: (place: Place) => void): TemplateResult => {
  const { input, output } = inside;
  const move = (event: PointerEvent) => look({ ...place, ...spotUnder(event, event.currentTarget as Element, output) });
  const step = (event: KeyboardEvent) => {
    const spot = spotBeside(event, place, output);
    if (spot !== undefined) look({ ...place, ...spot });
  };
  return html`<div class="inside-maps">
    <figure class="inside-input">
      <figcaption>${t.input(sizeOf(input))}</figcaption>
      <div class="maps" role="img" aria-label=${t.inputOf(input.channels, labelOf(inside, t))}>
        ${each(input).map((channel) => mapOf('input', channel, 'seen'))}
      </div>
    </figure>
    <figure class="inside-output">
      <figcaption>${t.output(sizeOf(output))}</figcaption>
      <div class="maps" role="group" aria-label=${t.output(sizeOf(output))}>
        ${each(output).map(
          (filter) =>
            html`<button
              type="button"
              aria-pressed=${filter === place.filter ? 'true' : 'false'}
              aria-label=${t.filter(filter + 1)}
              @click=${(event: MouseEvent) => {
                const canvas = (event.currentTarget as Element).querySelector('canvas');
                // A key presses the button as a whole; a pointer means a value.
                const spot = event.detail === 0 || canvas === null ? place : spotUnder(event, canvas, output);
                look({ filter, row: spot.row, column: spot.column });
              }}
            >
              ${mapOf('output', filter, 'value')}
            </button>`,
        )}
      </div>
    </figure>
    <figure class="inside-one">
      <figcaption>${t.one(place.filter + 1)}</figcaption>
      <div class="map map-large">
        <canvas
          data-maps="output"
          data-channel=${place.filter}
          tabindex="0"
          role="application"
          aria-label=${t.oneOf(place.filter + 1)}
          aria-describedby="inside-help inside-total"
          @pointermove=${move}
          @pointerdown=${move}
          @keydown=${step}
        ></canvas>
        <i class="value-mark"></i>
      </div>
      <p id="inside-help" class="hint">${t.help}</p>
    </figure>
  </div>`;
};

const each = ({ channels }: Maps): number[] => Array.from({ length: channels }, (_, channel) => channel);
const sizeOf = ({ channels, rows, columns }: Maps): string => `${channels}×${rows}×${columns}`;
const labelOf = ({ label }: Inside, t: T): string => (label === undefined ? t.unknown : t.digit(label));

const mapOf = (kind: 'input' | 'output', channel: number, mark: 'seen' | 'value'): TemplateResult =>
  html`<span class="map">
    <canvas data-maps=${kind} data-channel=${channel}></canvas>
    <i class="${mark}-mark"></i>
  </span>`;
