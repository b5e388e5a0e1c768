import { History } from '../../demo/history.js';

/** A run's history, fed in pieces as the Worker sends them; a step takes half a second. */
export function historyOf(steps: number, loss: (step: number) => number, piece = 1000): History {
  const history = new History();
  for (let first = 1; first <= steps; first += piece) {
    const losses = Float32Array.from({ length: Math.min(piece, steps + 1 - first) }, (_, i) => loss(first + i));
    history.add({ first, losses, accuracies: losses, seconds: (first + losses.length - 1) / 2 });
  }
  return history;
}
