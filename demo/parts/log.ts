import { effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { loss, percent } from '../format.js';
import { onFrames } from '../frames.js';
import type { LogLine } from '../log.js';
import { differences } from '../settingsText.js';
import { USUAL, type State } from '../state.js';
import type { Words } from '../text/en.js';
import { copyButton, createCopying } from './copying.js';
import { runName } from './earlierRuns.js';

/** The drawer above the run: while it is open the page can be used as ever. @returns what opens and closes it */
export function mountLog(host: HTMLDialogElement, state: State, lines: ReadonlySignal<readonly LogLine[]>): () => void {
  const copying = createCopying();
  const open = signal(false);
  const draw = () => {
    const words = state.words.peek();
    const t = words.log;
    const box = host.querySelector('.log-lines');
    const follows = box === null || box.scrollTop + box.clientHeight >= box.scrollHeight - NEAR;
    const textOf = () =>
      lines
        .peek()
        .map((line) => `${timeOf(line)} ${sayingOf(line, words)}`)
        .join('\n');
    render(
      html`<div class="log-head">
          <h2 id="log-title">${t.title}</h2>
          ${copyButton(copying, t.copy, textOf, words)}
          <button type="button" class="close" aria-label=${t.close} @click=${() => host.close()}>×</button>
        </div>
        <div class="log-lines" tabindex="0" autofocus role="group" aria-labelledby="log-title">
          <ol>
            ${lines
              .peek()
              .map(
                (line) =>
                  html`<li data-what=${line.what}>
                    <time>${timeOf(line)}</time> <span>${sayingOf(line, words)}</span>
                  </li>`,
              )}
          </ol>
        </div>`,
      host,
    );
    // Who reads further up is left there.
    const now = host.querySelector('.log-lines');
    if (follows && now !== null) now.scrollTop = now.scrollHeight;
  };
  const drawSoon = onFrames(draw);
  effect(() => {
    void [lines.value, state.words.value, copying.was.value];
    if (open.value) drawSoon();
  });
  host.addEventListener('close', () => (open.value = false));
  host.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' && event.key !== '`') return;
    event.preventDefault();
    event.stopPropagation();
    host.close();
  });
  return () => {
    if (host.open) {
      host.close();
      return;
    }
    copying.forget();
    open.value = true;
    // What is to have the focus must be there first.
    draw();
    host.show();
  };
}

/** From its end, in pixels, for a list to count as read to its end. */
const NEAR = 8;

const timeOf = ({ at }: LogLine): string => new Date(at).toTimeString().slice(0, 8);

function sayingOf(line: LogLine, words: Words): string {
  const t = words.log;
  switch (line.what) {
    case 'phase':
      return words.phases[line.phase];
    case 'run':
      return t.run(runName(line.settings, words), differences(line.settings, USUAL, words).join(' · ') || t.usual);
    case 'epoch': {
      const { epoch, trainLoss, testLoss, testAccuracy } = line.row;
      return t.epoch(epoch, loss(trainLoss), loss(testLoss), percent(testAccuracy));
    }
    case 'fault':
      return line.fault.message;
  }
  return line satisfies never;
}
