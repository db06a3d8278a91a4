// jax-js, on the back end named by `device`: wasm or webgpu. A call consumes its arrays; `.ref` keeps one for another use.
import {
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from "./node_modules/@jax-js/jax/dist/index.js";

import { BATCH_SIZE } from "./batches.js";

const SIDE = 28;
const RATE = 1e-3;
const DECAY = [0.9, 0.999];
const EPSILON = 1e-8;

export async function open(device) {
  const devices = await init(device);
  if (!devices.includes(device)) throw new Error(`jax-js has no back end ${device} here`);
  defaultDevice(device);
}

export function trainer(task, layers) {
  const transposed = layers.map((layer) => layer.transposed);
  const error = (parameters, input, target) => {
    const difference = reconstruct(task, transposed, parameters, input).sub(target);
    return np.square(difference).mean();
  };
  const step = jit((parameters, first, second, steps, input, target) => {
    const [loss, gradients] = valueAndGrad(error)(tree.ref(parameters), input, target);
    const taken = steps.add(1);
    const moved = adam(parameters, gradients, first, second, taken.ref);
    return [moved.parameters, moved.first, moved.second, taken, loss];
  });

  let state = [parametersOf(layers), zeros(layers), zeros(layers), np.array([0])];
  const cache = new Map();
  let last;
  return {
    step({ input, target }) {
      last?.dispose();
      if (!cache.has(target)) cache.set(target, tensor(task, target, BATCH_SIZE));
      const expected = cache.get(target);
      const seen = input === target ? expected.ref : tensor(task, input, BATCH_SIZE);
      [state[0], state[1], state[2], state[3], last] = step(...state, seen, expected.ref);
    },
    loss: async () => (await last.ref.data())[0],
    end() {
      tree.dispose([state, last, ...cache.values()]);
      step.dispose();
    },
  };
}

export function denoiser(layers) {
  const transposed = layers.map((layer) => layer.transposed);
  const parameters = parametersOf(layers);
  const run = jit((values, input) => reconstruct("T3", transposed, values, input));
  return {
    denoise: (picture) => run(tree.ref(parameters), tensor("T3", picture, 1)).data(),
    end() {
      tree.dispose(parameters);
      run.dispose();
    },
  };
}

function reconstruct(task, transposed, parameters, input) {
  const last = parameters.length - 1;
  return parameters.reduce((value, [weight, bias], index) => {
    const sum = task === "T1" ? np.matmul(value, weight).add(bias) : convolve(value, weight, transposed[index]).add(bias);
    return index === last ? nn.sigmoid(sum) : nn.relu(sum);
  }, input);
}

// A transposed convolution of stride 2, as a convolution of stride 1 over the input with zeros in between.
function convolve(value, weight, transposed) {
  if (!transposed) return lax.convGeneralDilated(value, weight, [2, 2], [[1, 1], [1, 1]]);
  return lax.convGeneralDilated(value, weight, [1, 1], [[1, 2], [1, 2]], { lhsDilation: [2, 2] });
}

// Adam (Kingma and Ba 2015).
function adam(parameters, gradients, first, second, steps) {
  const correction = DECAY.map((decay) => np.exp(steps.ref.mul(Math.log(decay))).mul(-1).add(1));
  steps.dispose();
  const moved = { parameters: [], first: [], second: [] };
  parameters.forEach((layer, index) => {
    const results = layer.map((parameter, which) => {
      const gradient = gradients[index][which];
      const mean = first[index][which].mul(DECAY[0]).add(gradient.ref.mul(1 - DECAY[0]));
      const square = second[index][which].mul(DECAY[1]).add(np.square(gradient).mul(1 - DECAY[1]));
      const width = np.sqrt(square.ref.div(correction[1].ref)).add(EPSILON);
      const next = parameter.sub(mean.ref.div(correction[0].ref).div(width).mul(RATE));
      return [next, mean, square];
    });
    moved.parameters.push(results.map(([next]) => next));
    moved.first.push(results.map(([, mean]) => mean));
    moved.second.push(results.map(([, , square]) => square));
  });
  correction.forEach((array) => array.dispose());
  return moved;
}

// The bias of a convolution has a shape that broadcasts to [samples, channels, height, width].
function parametersOf(layers) {
  return layers.map(({ shape, weight, bias }) => [
    np.array(weight).reshape(shape),
    shape.length === 2 ? np.array(bias) : np.array(bias).reshape([1, shape[0], 1, 1]),
  ]);
}

function zeros(layers) {
  return layers.map(({ shape, bias }) => [
    np.zeros(shape),
    np.zeros(shape.length === 2 ? [bias.length] : [1, bias.length, 1, 1]),
  ]);
}

function tensor(task, values, count) {
  return np.array(values).reshape(task === "T1" ? [count, SIDE * SIDE] : [count, 1, SIDE, SIDE]);
}
