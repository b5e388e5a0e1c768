import { mustEqual, must, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { epochsOf, eventsOf, openTiny } from '../support/runs.js';
import { CLASSES, tinySplits } from '../support/tinyData.js';

/** Test images that the last batch of eight is not full of. */
const data = tinySplits(35, 61);

export const mistakeLaws: readonly GpuLaw[] = [
  {
    title: 'the confusion matrix that the GPU counts is that of the answers, evaluation after evaluation',
    run: async (device) => {
      using trainer = await openTiny(device, { data });
      const epochs = epochsOf(await eventsOf(trainer.fit({ epochs: 2 })));
      for (let again = 0; again < 3; again++) {
        const { answers, confusion } = await trainer.evaluate();
        const wanted = Array.from({ length: CLASSES }, () => new Array<number>(CLASSES).fill(0));
        answers.forEach((answer, i) => wanted[data.test.labels[i] ?? 0]![answer]!++);
        mustEqual(confusion, wanted, `confusion of evaluation ${again}`);
        mustEqual(epochs.at(-1)?.confusion, wanted, 'confusion of the last epoch');
      }
    },
  },
  {
    title: 'mistakes are the images with wrong answers and their probabilities, the surest answer first',
    run: async (device) => {
      using trainer = await openTiny(device, { data });
      await eventsOf(trainer.fit({ epochs: 1 }));
      const { answers } = await trainer.evaluate();
      const mistakes = await trainer.mistakes();
      const { labels, images } = data.test;
      const wrong = [...labels.keys()].filter((i) => answers[i] !== labels[i]);
      must(wrong.length > 3 && wrong.length < 61, () => `${wrong.length} of 61 answers are wrong`);
      mustEqual(
        mistakes.map(({ index }) => index).sort((a, b) => a - b),
        wrong,
        'wrong images',
      );
      const probabilities = await trainer.predict(images);
      for (const { index, label, answer, confidence, probability } of mistakes) {
        mustEqual([label, answer], [labels[index], answers[index]], `label and answer of image ${index}`);
        const of = (k: number): number => probabilities[index * CLASSES + k] ?? NaN;
        must(Math.abs(confidence - of(answer)) < 1e-5, () => `confidence ${confidence}; wanted ${of(answer)}`);
        must(Math.abs(probability - of(label)) < 1e-5, () => `probability ${probability}; wanted ${of(label)}`);
      }
      mistakes.forEach(({ confidence, index }, i) => {
        const before = mistakes[i - 1];
        const inOrder =
          before === undefined ||
          before.confidence > confidence ||
          (before.confidence === confidence && before.index < index);
        must(inOrder, () => `mistake ${i} of confidence ${confidence} after one of ${before?.confidence}`);
      });
      mustEqual(await trainer.mistakes({ most: 3 }), mistakes.slice(0, 3), 'the worst three');
      for (const most of [0, 1.5, -1]) await mustReject(trainer.mistakes({ most }), 'usage');
    },
  },
  {
    title: 'answers are those of the evaluation, right ones too, with the probabilities that a prediction gives',
    run: async (device) => {
      using trainer = await openTiny(device, { data });
      await eventsOf(trainer.fit({ epochs: 1 }));
      const { labels, images } = data.test;
      const { answers, confidences, probabilities } = await trainer.answers();
      mustEqual(answers, (await trainer.evaluate()).answers, 'answers');
      const predicted = await trainer.predict(images);
      labels.forEach((label, i) => {
        const of = (k: number): number => predicted[i * CLASSES + k] ?? NaN;
        const [sure, right] = [confidences[i] ?? NaN, probabilities[i] ?? NaN];
        must(Math.abs(sure - of(answers[i] ?? -1)) < 1e-5, () => `image ${i}: confidence ${sure}`);
        must(Math.abs(right - of(label)) < 1e-5, () => `image ${i}: ${right} for its label; wanted ${of(label)}`);
      });
      const mistakes = await trainer.mistakes();
      mustEqual(
        mistakes.map(({ index }) => confidences[index]),
        mistakes.map(({ confidence }) => Math.fround(confidence)),
        'confidences of mistakes',
      );
    },
  },
  {
    title: 'mistakes, evaluations and training asked for at once do not disturb each other, nor make anything anew',
    run: async (device) => {
      using trainer = await openTiny(device, { data, pace: { mostSteps: 1 } });
      await eventsOf(trainer.fit({ epochs: 1 }));
      const [wanted, evaluation] = [await trainer.mistakes(), await trainer.evaluate()];
      const { buffers, bindGroups, pipelines } = device.counts;
      const found = await Promise.all([trainer.mistakes(), trainer.evaluate(), trainer.mistakes()]);
      mustEqual([found[0], found[2]], [wanted, wanted], 'mistakes');
      mustEqual(found[1].confusion, evaluation.confusion, 'confusion');
      const { counts } = device;
      mustEqual([counts.buffers, counts.bindGroups, counts.pipelines], [buffers, bindGroups, pipelines], 'made');
      const fit = eventsOf(trainer.fit({ epochs: 4 }));
      const meanwhile = await trainer.mistakes();
      await fit;
      must(meanwhile.length <= 61, () => `${meanwhile.length} mistakes`);
    },
  },
];
