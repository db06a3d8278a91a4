// Timing as in the engine's own benchmark (`crates/engine/src/bench`): a warm-up, then rounds of half a second, each ended
// by a read, and the median of their rates.
const ROUND_MS = 500;
const TIMED_MS = 5_000;
const MAX_TIMED_MS = 20_000;
const MIN_ROUNDS = 3;
const WARM_UP_MS = 1_000;

// Times `step`, which does one step; `settle` waits until all steps are done and returns the last loss, if there is one.
export async function time({ step, settle }) {
  const losses = [];
  let stepsDone = 0;
  const run = async (count) => {
    for (let done = 0; done < count; done += 1) await step();
    stepsDone += count;
    const loss = await settle();
    if (loss !== undefined) losses.push([stepsDone, loss]);
    // Lets the window run scripts in between.
    await new Promise((resolve) => setTimeout(resolve));
  };
  const since = (start) => performance.now() - start;

  let start = performance.now();
  await run(1);
  const time_to_first_step_ms = since(start);

  start = performance.now();
  while (since(start) < WARM_UP_MS) await run(Math.max(1, Math.floor((stepsDone - 1) / 2)));
  const stepsPerRound = Math.max(1, Math.floor((ROUND_MS * (stepsDone - 1)) / since(start)));

  const rates = [];
  self.probe?.begin();
  start = performance.now();
  while (since(start) < MAX_TIMED_MS && (since(start) < TIMED_MS || rates.length < MIN_ROUNDS)) {
    const round = performance.now();
    await run(stepsPerRound);
    rates.push((1000 * stepsPerRound) / since(round));
  }
  self.probe?.end(stepsPerRound * rates.length);

  rates.sort((one, other) => one - other);
  const steps_per_s = rates[Math.floor(rates.length / 2)];
  return {
    steps_per_s,
    steps_per_s_min: rates[0],
    steps_per_s_max: rates.at(-1),
    median_ms: 1000 / steps_per_s,
    time_to_first_step_ms,
    losses,
  };
}
