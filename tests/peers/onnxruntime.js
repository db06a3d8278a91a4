// ONNX Runtime Web's training, in WebAssembly on one thread, with the artefacts of make_artifacts.py, which contain the
// initial weights.
import * as ort from "./node_modules/onnxruntime-web/dist/ort.training.wasm.min.mjs";

import { BATCH_SIZE } from "./batches.js";

const SIDE = 28;

export async function open() {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL("node_modules/onnxruntime-web/dist/", import.meta.url).href;
}

export async function trainer(task) {
  const session = await ort.TrainingSession.create({
    checkpointState: artifact(task, "checkpoint"),
    trainModel: artifact(task, "training_model.onnx"),
    evalModel: artifact(task, "eval_model.onnx"),
    optimizerModel: artifact(task, "optimizer_model.onnx"),
  });
  const [loss] = session.trainingOutputNames;
  const [input, target] = session.trainingInputNames;
  let last;
  return {
    async step(batch) {
      const feeds = { [input]: tensor(task, batch.input, BATCH_SIZE), [target]: tensor(task, batch.target, BATCH_SIZE) };
      last = (await session.runTrainStep(feeds))[loss].data[0];
      await session.runOptimizerStep();
      await session.lazyResetGrad();
    },
    loss: async () => last,
    end: () => session.release(),
  };
}

export async function denoiser() {
  const session = await ort.InferenceSession.create(artifact("T2", "network.onnx"));
  return {
    denoise: async (picture) => (await session.run({ input: tensor("T2", picture, 1) })).output.data,
    end: () => session.release(),
  };
}

function artifact(task, name) {
  return new URL(`artifacts/${task}/${name}`, import.meta.url).href;
}

function tensor(task, values, count) {
  return new ort.Tensor("float32", values, task === "T1" ? [count, SIDE * SIDE] : [count, 1, SIDE, SIDE]);
}
