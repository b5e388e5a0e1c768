import { effect } from '@preact/signals-core';
import { html, render, type TemplateResult } from 'lit-html';
import type { Actions } from '../actions.js';
import { CHAPTERS, type ChapterName } from '../names.js';
import type { State } from '../state.js';
import type { Themes } from '../theme.js';
import type { Words } from '../text/en.js';
import { addressIn, LANGUAGES, OWN_NAMES, TAGS, type Language } from '../text/words.js';
import { kernelPlaces } from './kernelPlaces.js';
import { story } from './story.js';

/** The page's head, its chapters, and places by id for the parts in them. */
export function mountFrame(host: HTMLElement, state: State, actions: Actions, themes: Themes): void {
  effect(() => {
    render(frameOf(state, actions, themes), host);
  });
  markChapter(host);
}

const frameOf = (state: State, actions: Actions, themes: Themes): TemplateResult => {
  const t = state.words.value;
  return html`<header class="top">
      <img src=${ICON} alt="" width="32" height="32" />
      <div>
        <h1 translate="no">${NAME}</h1>
        <p>${t.tagline}</p>
      </div>
      <p id="chip" class="chip" data-kind="none"></p>
      <div class="tools">
        <nav class="languages" aria-label=${t.languages}>
          ${LANGUAGES.map((language) => languageOf(language, state.language.value, actions))}
        </nav>
        <button type="button" id="share" class="tool" aria-label=${t.share.open}>
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${SHARE} /></svg>
        </button>
        <button
          type="button"
          id="theme"
          class="tool"
          aria-label=${t.dark}
          aria-pressed=${themes.shown.value === 'dark' ? 'true' : 'false'}
          @click=${() => themes.choose(themes.shown.peek() === 'dark' ? 'light' : 'dark')}
        >
          ☾
        </button>
        <button type="button" id="help" class="tool" aria-label=${t.help.open} @click=${openHelp}>?</button>
      </div>
      <div id="shared" class="shared"></div>
    </header>
    <nav class="chapters" aria-label=${t.chapterList}>
      <ol>
        ${CHAPTERS.map(
          (chapter, i) =>
            html`<li>
              <a href="#${chapter}" data-chapter=${chapter}><b>${i + 1}</b> ${t.chapters[chapter]}</a>
            </li>`,
        )}
      </ol>
    </nav>
    <section id="notice" class="notice" role="alert" hidden></section>
    <main id="page">
      <section id="last" class="notice last" aria-labelledby="last-title" hidden></section>
      <section id="status" class="run" aria-label=${t.run}></section>
      ${CHAPTERS.map(
        (chapter, i) =>
          html`<section id=${chapter} class="chapter" aria-labelledby="${chapter}-title" tabindex="-1">
            <div class="story">
              <h2 id="${chapter}-title"><b>${i + 1}</b> ${t.chapters[chapter]}</h2>
              ${t.stories[chapter].map((sentence) => html`<p>${story(sentence, t)}</p>`)}
            </div>
            <div class="things">${things[chapter](t)}</div>
          </section>`,
      )}
    </main>
    <dialog id="keys" aria-labelledby="help-title"></dialog>
    <dialog id="log-drawer" aria-labelledby="log-title"></dialog>`;
};

const openHelp = (): void => document.querySelector<HTMLDialogElement>('#keys')?.showModal();

/** A page that something leaves upward. */
const SHARE = 'M8 10V1.8M4.6 5 8 1.6 11.4 5M5.5 7.5h-2v7h9v-7h-2';
const NAME = 'Weft';
const ICON = new URL('../icon.svg', import.meta.url).href;

const languageOf = (language: Language, spoken: Language, actions: Actions): TemplateResult =>
  html`<a
    href=${addressIn(language, location.href)}
    lang=${TAGS[language]}
    hreflang=${TAGS[language]}
    aria-current=${language === spoken ? 'true' : 'false'}
    @click=${(event: MouseEvent) => {
      event.preventDefault();
      actions.speak(language);
    }}
    >${OWN_NAMES[language]}</a
  >`;

/** What stands beside a chapter's text: hosts, which other parts fill. */
const things: Readonly<Record<ChapterName, (words: Words) => TemplateResult>> = {
  data: (t) =>
    html`<div id="source" class="card"></div>
      <div id="preview" class="card"></div>
      <section class="card whole" aria-labelledby="normalise-title">
        <h3 id="normalise-title">${t.normalise.title}</h3>
        <div id="normalise"></div>
      </section>
      <section class="card" aria-labelledby="augmentation-title">
        <h3 id="augmentation-title">${t.augmentation.title}</h3>
        <div id="augmentation"></div>
      </section>
      <section class="card" aria-labelledby="balance-title">
        <h3 id="balance-title">${t.balance.title}</h3>
        <div id="balance"></div>
      </section>`,
  model: (t) =>
    html`<div id="layers" class="card"></div>
      <section class="card" aria-labelledby="worked-title">
        <h3 id="worked-title">${t.worked.title}</h3>
        <p class="hint">${t.worked.about}</p>
        <div id="worked"></div>
      </section>
      <section class="card" aria-labelledby="inside-title">
        <h3 id="inside-title">${t.inside.title}</h3>
        <p class="hint">${t.inside.about}</p>
        <div id="inside"></div>
      </section>`,
  train: (t) =>
    html`<section class="card" aria-labelledby="controls-title">
        <h3 id="controls-title">${t.settings}</h3>
        <div id="controls"></div>
      </section>
      <section id="advice" class="advice" aria-live="polite" hidden></section>
      <div id="curves" class="curves"></div>
      <section class="card" aria-labelledby="epochs-title">
        <h3 id="epochs-title">${t.epochs}</h3>
        <div id="epochs" class="scroll" tabindex="0" role="group" aria-labelledby="epochs-title"></div>
        <button type="button" id="log" class="log-button">${t.log.open}</button>
      </section>
      <section class="card" aria-labelledby="layer-maps-title">
        <h3 id="layer-maps-title">${t.layerMaps.title}</h3>
        <div id="layer-maps"></div>
      </section>
      <section class="card" aria-labelledby="speed-title">
        <h3 id="speed-title">${t.speedCard.title}</h3>
        <div id="speed"></div>
      </section>
      <section class="card" aria-labelledby="finder-title">
        <h3 id="finder-title">${t.finder.title}</h3>
        <div id="finder"></div>
      </section>
      <div id="files" class="card"></div>`,
  evaluate: (t) =>
    html`<section class="card" aria-labelledby="pad-title">
        <h3 id="pad-title">${t.pad.title}</h3>
        <div id="pad"></div>
      </section>
      <section class="card" aria-labelledby="matrix-title">
        <h3 id="matrix-title">${t.matrix.title}</h3>
        <p class="hint">${t.matrix.hint}</p>
        <div id="matrix"></div>
      </section>
      <section class="card" aria-labelledby="mistakes-title">
        <h3 id="mistakes-title">${t.mistakes.title}</h3>
        <div id="mistakes"></div>
      </section>
      <section class="card" aria-labelledby="scores-title">
        <h3 id="scores-title">${t.scores.title}</h3>
        <div id="scores"></div>
      </section>`,
  finetune: (t) =>
    html`<section class="card" aria-labelledby="tuning-title">
        <h3 id="tuning-title">${t.tuning.title}</h3>
        <div id="tuning"></div>
      </section>
      <section class="card" aria-labelledby="own-title">
        <h3 id="own-title">${t.own.title}</h3>
        <div id="own"></div>
      </section>
      <section class="card whole" aria-labelledby="comparison-title">
        <h3 id="comparison-title">${t.comparison.title}</h3>
        <div id="comparison"></div>
      </section>`,
  kernels: kernelPlaces,
};

/** Says in the list of chapters which of them is being read. */
function markChapter(host: HTMLElement): void {
  const links = [...host.querySelectorAll('.chapters a')];
  const watch = new IntersectionObserver(
    (entries) => {
      const read = entries.find(({ isIntersecting }) => isIntersecting)?.target.id;
      if (read === undefined) return;
      for (const link of links) {
        if (link.getAttribute('data-chapter') === read) link.setAttribute('aria-current', 'location');
        else link.removeAttribute('aria-current');
      }
    },
    // The line a third of the way down: one chapter lies on it.
    { rootMargin: '-33% 0px -66% 0px' },
  );
  for (const chapter of host.querySelectorAll('.chapter')) watch.observe(chapter);
}
