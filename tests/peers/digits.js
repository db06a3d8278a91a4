// The digits that all peers train on. Our engine draws them, so that every loss is of the same work: they are its
// generator's, as those of T1 and T2 are, though not the very same.
export const PIXELS = 784;

export async function drawDigits(count, protocolVersion) {
  const engine = new Worker(new URL("../engine-worker.js", import.meta.url), { type: "module" });
  const digits = new Float32Array(count * PIXELS);
  try {
    await new Promise((resolve, reject) => {
      let drawn = 0;
      engine.onerror = (event) => reject(new Error(event.message || "the engine's worker could not be loaded"));
      engine.onmessage = ({ data: letter }) => {
        const values = letter.event?.sample?.values;
        if (letter === "listening") {
          engine.postMessage([{ start: { protocol_version: protocolVersion, device: "cpu" } }]);
          for (let seed = 0; seed < count; seed += 1) engine.postMessage([{ surprise: { seed } }]);
        } else if (values) {
          digits.set(new Float32Array(values.buffer, values.byteOffset, PIXELS), drawn * PIXELS);
          drawn += 1;
          if (drawn === count) resolve();
        } else if (letter.panicked || letter.event?.failed) {
          reject(new Error(letter.panicked ?? letter.event.failed.message));
        }
      };
    });
  } finally {
    engine.terminate();
  }
  return digits;
}
