// The two networks and their initial weights, PyTorch's default as in the engine: uniform on ±1 / sqrt(fan-in).
import { random } from "./random.js";

const DENSE = [784, 256, 64, 256, 784];
const KERNEL = 3;
const CONVOLUTIONS = [
  { inputs: 1, outputs: 32, transposed: false },
  { inputs: 32, outputs: 64, transposed: false },
  { inputs: 64, outputs: 32, transposed: true },
  { inputs: 32, outputs: 1, transposed: true },
];

// Layers of T1's network, or of that of T2 and T3, each with `weight`, `shape` and `bias`. A dense weight has the shape
// [inputs, outputs], that of a convolution [outputs, inputs, height, width], transposed or not.
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
    // PyTorch computes the fan-in of a transposed convolution from its outputs.
    const fanIn = (transposed ? outputs : inputs) * KERNEL ** 2;
    const shape = [outputs, inputs, KERNEL, KERNEL];
    return { shape, weight: values(outputs * inputs * KERNEL ** 2, fanIn), bias: values(outputs, fanIn), transposed };
  });
}
