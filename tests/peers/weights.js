// The two networks and their first values, PyTorch's default as in the engine: uniform in 1 / sqrt(fan-in) either way.
import { random } from "./random.js";

const DENSE = [784, 256, 64, 256, 784];
const KERNEL = 3;
const CONVOLUTIONS = [
  { inputs: 1, outputs: 32, transposed: false },
  { inputs: 32, outputs: 64, transposed: false },
  { inputs: 64, outputs: 32, transposed: true },
  { inputs: 32, outputs: 1, transposed: true },
];

// T1's network, or that of T2 and T3: a list of layers with `weight`, `shape` and `bias`. A dense weight is
// [inputs, outputs], one of a convolution [outputs, inputs, height, width], transposed or not.
export function layers(task) {
  const uniform = random(3);
  const values = (count, fanIn) => Float32Array.from({ length: count }, () => (2 * uniform() - 1) / Math.sqrt(fanIn));
  if (task === "T1") {
    return DENSE.slice(1).map((outputs, index) => {
      const inputs = DENSE[index];
      return { shape: [inputs, outputs], weight: values(inputs * outputs, inputs), bias: values(outputs, inputs) };
    });
  }
  return CONVOLUTIONS.map(({ inputs, outputs, transposed }) => {
    // Of a transposed convolution PyTorch takes the outputs for the inputs.
    const fanIn = (transposed ? outputs : inputs) * KERNEL ** 2;
    const shape = [outputs, inputs, KERNEL, KERNEL];
    return { shape, weight: values(outputs * inputs * KERNEL ** 2, fanIn), bias: values(outputs, fanIn), transposed };
  });
}
