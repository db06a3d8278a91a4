// Digits that all peers train on, drawn by our engine's generator as those of T1 and T2 are, though from other seeds: so
// the losses can be compared.
export const PIXELS = 784;

export async function drawDigits(count, protocolVersion) {
  const engine = new Worker(new URL("../engine-worker.js", import.meta.url), { type: "module" });
  const digits = new Float32Array(count * PIXELS);
  try {
    await new Promise((resolve, reject) => {
      let drawn = 0;
      engine.onerror = (event) => reject(new Error(event.message || "the engine's worker could not be loaded"));
      engine.onmessage = ({ data: message }) => {
        const values = message.event?.sample?.values;
        if (message === "listening") {
          engine.postMessage([{ start: { protocol_version: protocolVersion, device: "cpu" } }]);
          for (let seed = 0; seed < count; seed += 1) engine.postMessage([{ random_sample: { seed } }]);
        } else if (values) {
          digits.set(new Float32Array(values.buffer, values.byteOffset, PIXELS), drawn * PIXELS);
          drawn += 1;
          if (drawn === count) resolve();
        } else if (message.panicked || message.event?.failed) {
          reject(new Error(message.panicked ?? message.event.failed.message));
        }
      };
    });
  } finally {
    engine.terminate();
  }
  return digits;
}
