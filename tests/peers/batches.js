// Batches as the engine makes them: gathered on the host from shuffled digits, with new noise at every step.
import { PIXELS } from "./digits.js";
import { normal, random } from "./random.js";

export const BATCH_SIZE = 128;

export function batches(digits, noiseLevel) {
  const uniform = random(1);
  const draw = normal(random(2));
  const count = digits.length / PIXELS;
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  let next = count;

  const shuffle = () => {
    for (let last = count - 1; last > 0; last -= 1) {
      const other = Math.floor(uniform() * (last + 1));
      [order[last], order[other]] = [order[other], order[last]];
    }
    next = 0;
  };

  return () => {
    if (next + BATCH_SIZE > count) shuffle();
    const target = new Float32Array(BATCH_SIZE * PIXELS);
    for (let row = 0; row < BATCH_SIZE; row += 1) {
      const start = order[next + row] * PIXELS;
      target.set(digits.subarray(start, start + PIXELS), row * PIXELS);
    }
    next += BATCH_SIZE;
    if (noiseLevel === 0) return { input: target, target };
    const input = target.map((value) => Math.min(1, Math.max(0, value + noiseLevel * draw())));
    return { input, target };
  };
}
