// TensorFlow.js, on the back end named by `device`: wasm, webgl or webgpu.
import { BATCH_SIZE } from "./batches.js";

const FOLDER = new URL("node_modules/@tensorflow/", import.meta.url);
const SIDE = 28;

export async function open(device) {
  await script("tfjs/dist/tf.min.js");
  if (device !== "webgl") await script(`tfjs-backend-${device}/dist/tf-backend-${device}.min.js`);
  if (device === "wasm") tf.wasm.setWasmPaths(new URL("tfjs-backend-wasm/dist/", FOLDER).href);
  if (!(await tf.setBackend(device))) throw new Error(`TensorFlow.js has no back end ${device} here`);
  await tf.ready();
}

export function trainer(task, layers) {
  const variables = variablesOf(layers);
  const optimiser = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
  const cache = new Map();
  let last;
  return {
    step({ input, target }) {
      last?.dispose();
      if (!cache.has(target)) cache.set(target, tensor(task, target, BATCH_SIZE));
      last = tf.tidy(() => {
        const expected = cache.get(target);
        const seen = input === target ? expected : tensor(task, input, BATCH_SIZE);
        return optimiser.minimize(() => reconstruct(task, variables, seen).sub(expected).square().mean(), true);
      });
    },
    loss: async () => (await last.data())[0],
    end() {
      tf.dispose([last, ...cache.values()]);
      optimiser.dispose();
      dispose(variables);
    },
  };
}

export function denoiser(layers) {
  const variables = variablesOf(layers);
  return {
    async denoise(picture) {
      const denoised = tf.tidy(() => reconstruct("T3", variables, tensor("T3", picture, 1)));
      const values = await denoised.data();
      denoised.dispose();
      return values;
    },
    end: () => dispose(variables),
  };
}

function reconstruct(task, variables, input) {
  const last = variables.length - 1;
  return variables.reduce((value, { weight, bias, transposed }, index) => {
    const sum = (task === "T1" ? value.matMul(weight) : convolve(value, weight, transposed)).add(bias);
    return index === last ? sum.sigmoid() : sum.relu();
  }, input);
}

function convolve(value, weight, transposed) {
  if (!transposed) return tf.conv2d(value, weight, 2, "same");
  const [count, height, width] = value.shape;
  return tf.conv2dTranspose(value, weight, [count, 2 * height, 2 * width, weight.shape[2]], 2, "same");
}

// TensorFlow.js has the channels last, and the outputs first in a transposed kernel.
function variablesOf(layers) {
  return layers.map(({ shape, weight, bias, transposed }) => {
    const isDense = shape.length === 2;
    const arranged = tf.tidy(() => {
      const values = tf.tensor(weight, shape);
      return isDense ? values.clone() : values.transpose(transposed ? [2, 3, 0, 1] : [2, 3, 1, 0]);
    });
    return { weight: tf.variable(arranged), bias: tf.variable(tf.tensor1d(bias)), transposed };
  });
}

function dispose(variables) {
  variables.forEach(({ weight, bias }) => tf.dispose([weight, bias]));
}

function tensor(task, values, count) {
  return task === "T1" ? tf.tensor2d(values, [count, SIDE * SIDE]) : tf.tensor4d(values, [count, SIDE, SIDE, 1]);
}

function script(path) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = new URL(path, FOLDER);
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${path} could not be loaded`));
    document.head.append(element);
  });
}
