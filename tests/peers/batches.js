// Batches of digits. Clean batches are the same objects in every epoch, so that a library can keep them on its device, as
// the engine does; noise is drawn on the host at every step, as in the engine.
import { PIXELS } from "./digits.js";
import { normal, random } from "./random.js";

export const BATCH_SIZE = 128;

// Returns a function that returns the next batch, `{ input, target }`; without noise both are the same array.
export function batches(digits, noiseLevel) {
  const draw = normal(random(2));
  const size = BATCH_SIZE * PIXELS;
  const targets = Array.from({ length: Math.floor(digits.length / size) }, (_, index) =>
    digits.slice(index * size, (index + 1) * size),
  );
  let next = 0;
  return () => {
    const target = targets[next];
    next = (next + 1) % targets.length;
    if (noiseLevel === 0) return { input: target, target };
    return { input: target.map((value) => Math.min(1, Math.max(0, value + noiseLevel * draw()))), target };
  };
}
