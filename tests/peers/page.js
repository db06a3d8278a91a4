// Page of one peer: `index.html?peer=jax&device=webgpu&task=T1&protocol=3`. `turn()` runs the task once, from new weights,
// and stores the outcome in `window.__bench`, as our own benchmark page does. For `&null-gpu`, see probe.js.
import { batches } from "./batches.js";
import { PIXELS, drawDigits } from "./digits.js";
import { time } from "./rounds.js";
import { layers } from "./weights.js";

// Number of digits, as in our own tasks.
const DIGITS = 10_000;
const NOISE_LEVEL = { T1: 0, T2: 0.2 };

const query = new URLSearchParams(location.search);
const task = query.get("task");

async function open() {
  if (query.has("null-gpu")) {
    self.probe = { nullGpu: true };
    await import("./probe.js");
  }
  const peer = await import(`./${query.get("peer")}.js`);
  await peer.open(query.get("device"));
  const digits = await drawDigits(task === "T3" ? 1 : DIGITS, Number(query.get("protocol")));
  return { peer, digits };
}

async function train({ peer, digits }) {
  const trainer = await peer.trainer(task, layers(task));
  const next = batches(digits, NOISE_LEVEL[task]);
  const outcome = await time({ step: () => trainer.step(next()), settle: () => trainer.loss() });
  trainer.end();
  return outcome;
}

async function denoise({ peer, digits }) {
  const denoiser = await peer.denoiser(layers(task));
  const picture = digits.subarray(0, PIXELS);
  const outcome = await time({
    step: async () => {
      const denoised = await denoiser.denoise(picture);
      if (denoised.length !== PIXELS) throw new Error(`a picture of ${denoised.length} values came back`);
    },
    settle: async () => undefined,
  });
  denoiser.end();
  return outcome;
}

const opened = open();
// The error is reported by the first turn.
opened.catch(() => undefined);

window.turn = async () => {
  window.__bench = null;
  try {
    const ready = await opened;
    window.__bench = { ok: true, ...(await (task === "T3" ? denoise(ready) : train(ready))) };
  } catch (error) {
    window.__bench = { ok: false, error: String(error?.message ?? error) };
  }
};
