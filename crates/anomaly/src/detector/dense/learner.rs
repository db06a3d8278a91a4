//! One training step of a dense network: forward with dropout, backward, Adam.
//!
//! Adam (Kingma and Ba 2015) has PyTorch's constants (beta 0.9 and 0.999, epsilon 1e-8); inverted dropout (Srivastava
//! et al. 2014) follows every hidden layer, the code included.

use pinhole_numerics::dense_rows::{LANES, Matrix, Parameter, multiply};
use pinhole_protocol::NetworkPlan;
use rand::Rng;
use rand_pcg::Pcg32;

use super::weights::LayerWeights;

/// Resolution of the dropout probability: a value is dropped if a 16-bit number is below `dropped`.
const DROPOUT_STEPS: u32 = 1 << 16;

/// A network with its gradients and the moments of its optimiser. Widths are padded to whole lanes: weights from and to
/// padding are 0, get no gradient and stay 0.
#[derive(Clone, Debug)]
pub struct DenseLearner {
    layers: Vec<LearningLayer>,
    /// Number of values of a row, without padding.
    width: usize,
    steps: i32,
    /// Dropout probability in units of 1 / [`DROPOUT_STEPS`].
    dropped: u32,
    masks: Pcg32,
    /// The batch before the first layer and after each layer, row-major.
    activations: Vec<Vec<f32>>,
    scratch: Scratch,
}

/// Memory that every step overwrites.
#[derive(Clone, Debug, Default)]
struct Scratch {
    /// Gradient of the loss by a layer's pre-activations.
    output_gradient: Vec<f32>,
    /// Gradient of the loss by a layer's inputs.
    input_gradient: Vec<f32>,
}

#[derive(Clone, Debug)]
struct LearningLayer {
    inputs: usize,
    outputs: usize,
    /// [inputs, outputs], padded.
    weight: Parameter,
    bias: Parameter,
    /// Without padding: [inputs, outputs].
    shape: [usize; 2],
}

impl DenseLearner {
    /// A learner of `weights`, one entry per layer of `plan`, which must be [supported](super::is_supported). `masks`
    /// draws the dropout masks.
    pub fn new(plan: &NetworkPlan, weights: &[LayerWeights], dropout: f32, masks: Pcg32) -> Self {
        let layers: Vec<_> = plan
            .layers
            .iter()
            .zip(weights)
            .map(|(layer, weights)| LearningLayer::new([layer.input.len(), layer.output.len()], weights))
            .collect();
        Self {
            activations: vec![Vec::new(); layers.len() + 1],
            layers,
            width: plan.input.len(),
            steps: 0,
            dropped: (dropout * DROPOUT_STEPS as f32) as u32,
            masks,
            scratch: Scratch::default(),
        }
    }

    /// Current weights, one entry per layer.
    pub fn weights(&self) -> Vec<LayerWeights> {
        self.layers.iter().map(LearningLayer::to_weights).collect()
    }

    /// One step on a batch of rows. Returns the mean squared error before the step, with dropout.
    pub fn step<'a>(&mut self, rows: impl ExactSizeIterator<Item = &'a [f32]>, learning_rate: f32) -> f32 {
        let loss = self.gradients(rows);
        self.steps = self.steps.saturating_add(1);
        for layer in &mut self.layers {
            layer.weight.adam(learning_rate, self.steps);
            layer.bias.adam(learning_rate, self.steps);
        }
        loss
    }

    /// Forward and backward pass. Returns the loss.
    fn gradients<'a>(&mut self, rows: impl ExactSizeIterator<Item = &'a [f32]>) -> f32 {
        let count = rows.len();
        self.load(rows);
        self.forward(count);
        let loss = self.loss(count);
        self.backward(count);
        loss
    }

    fn load<'a>(&mut self, rows: impl ExactSizeIterator<Item = &'a [f32]>) {
        let padded = self.layers[0].inputs;
        let input = &mut self.activations[0];
        input.clear();
        input.resize(rows.len() * padded, 0.0);
        for (place, row) in input.chunks_exact_mut(padded).zip(rows) {
            place[..row.len()].copy_from_slice(row);
        }
    }

    fn forward(&mut self, count: usize) {
        let last = self.layers.len() - 1;
        for (index, layer) in self.layers.iter().enumerate() {
            let (before, after) = self.activations.split_at_mut(index + 1);
            let input = Matrix::new(&before[index], [count, layer.inputs]);
            let out = &mut after[0];
            out.resize(count * layer.outputs, 0.0);
            multiply(input, layer.weight(), &layer.bias.values, out);
            if index < last {
                relu_and_dropout(out, self.dropped, &mut self.masks);
            }
        }
    }

    /// Mean squared error. Its gradient by the reconstruction is left in `scratch.output_gradient`.
    fn loss(&mut self, count: usize) -> f32 {
        let scale = 1.0 / (count * self.width) as f32;
        let (input, output) = (&self.activations[0], &self.activations[self.layers.len()]);
        self.scratch.output_gradient.clear();
        self.scratch
            .output_gradient
            .extend(output.iter().zip(input).map(|(reconstruction, target)| reconstruction - target));
        let sum: f64 = self.scratch.output_gradient.iter().map(|&error| f64::from(error * error)).sum();
        self.scratch.output_gradient.iter_mut().for_each(|error| *error *= 2.0 * scale);
        (sum * f64::from(scale)) as f32
    }

    fn backward(&mut self, count: usize) {
        let keep_scale = 1.0 / (1.0 - self.dropped as f32 / DROPOUT_STEPS as f32);
        for index in (0..self.layers.len()).rev() {
            let (layer, input) = (&mut self.layers[index], &self.activations[index]);
            let Scratch { output_gradient, input_gradient } = &mut self.scratch;
            let inputs = Matrix::new(input, [count, layer.inputs]);
            let gradient = Matrix::new(output_gradient, [count, layer.outputs]);
            multiply(inputs.transposed(), gradient, &[], &mut layer.weight.gradient);
            layer.bias.gradient.fill(0.0);
            for row in output_gradient.chunks_exact(layer.outputs) {
                for (sum, value) in layer.bias.gradient.iter_mut().zip(row) {
                    *sum += value;
                }
            }
            if index == 0 {
                break;
            }
            input_gradient.resize(count * layer.inputs, 0.0);
            multiply(gradient, layer.weight().transposed(), &[], input_gradient);
            // A value above 0 passed both ReLU and dropout.
            for (gradient, &value) in input_gradient.iter_mut().zip(input) {
                *gradient = if value > 0.0 { *gradient * keep_scale } else { 0.0 };
            }
            std::mem::swap(output_gradient, input_gradient);
        }
    }
}

impl LearningLayer {
    fn new([inputs, outputs]: [usize; 2], weights: &LayerWeights) -> Self {
        let (wide_in, wide_out) = (inputs.next_multiple_of(LANES), outputs.next_multiple_of(LANES));
        let mut weight = vec![0.0; wide_in * wide_out];
        for (output, row) in weights.weight.chunks_exact(inputs).enumerate() {
            for (input, &value) in row.iter().enumerate() {
                weight[input * wide_out + output] = value;
            }
        }
        let mut bias = weights.bias.clone();
        bias.resize(wide_out, 0.0);
        Self {
            inputs: wide_in,
            outputs: wide_out,
            weight: Parameter::new(weight),
            bias: Parameter::new(bias),
            shape: [inputs, outputs],
        }
    }

    fn weight(&self) -> Matrix<'_> {
        Matrix::new(&self.weight.values, [self.inputs, self.outputs])
    }

    /// Weights in PyTorch's layout, without padding.
    fn to_weights(&self) -> LayerWeights {
        let [inputs, outputs] = self.shape;
        let weight = (0..outputs)
            .flat_map(|output| (0..inputs).map(move |input| self.weight.values[input * self.outputs + output]))
            .collect();
        LayerWeights { weight, bias: self.bias.values[..outputs].to_vec() }
    }
}

/// ReLU, then inverted dropout. Each random number of 32 bits decides two values.
fn relu_and_dropout(values: &mut [f32], dropped: u32, masks: &mut Pcg32) {
    if dropped == 0 {
        for value in values {
            *value = value.max(0.0);
        }
        return;
    }
    let scale = 1.0 / (1.0 - dropped as f32 / DROPOUT_STEPS as f32);
    for pair in values.as_chunks_mut::<2>().0 {
        let bits = masks.next_u32();
        for (value, draw) in pair.iter_mut().zip([bits >> 16, bits & 0xFFFF]) {
            *value = if draw < dropped { 0.0 } else { value.max(0.0) * scale };
        }
    }
}

#[cfg(test)]
mod tests {
    use pinhole_numerics::random::{Stream, generator};
    use pinhole_protocol::{Activation, BottleneckSpec, GridShape, NetworkSpec};
    use rand::RngExt;

    use super::*;
    use crate::detector::dense::initial_weights;

    fn plan() -> NetworkPlan {
        let spec = NetworkSpec {
            input: GridShape { channels: 5, height: 1, width: 1 },
            encoder: NetworkSpec::dense_blocks(&[9]),
            bottleneck: BottleneckSpec::Dense { size: 6, activation: Activation::Relu },
            output_activation: Activation::Linear,
            ..NetworkSpec::default()
        };
        spec.plan().expect("valid")
    }

    fn rows() -> Vec<f32> {
        let mut random = generator(3, Stream::Sample, 0);
        (0..35).map(|_| random.random_range(-1.0..1.0)).collect()
    }

    #[test]
    fn gradients_agree_with_finite_differences() {
        const NUDGE: f32 = 1e-2;
        let (plan, rows) = (plan(), rows());
        let weights = initial_weights(&plan, 4);
        for dropout in [0.0, 0.3] {
            let learner = |weights: &[LayerWeights]| {
                let mut learner = DenseLearner::new(&plan, weights, dropout, generator(1, Stream::Sample, 1));
                let loss = learner.gradients(rows.chunks_exact(5));
                (loss, learner)
            };
            let (_, with_gradients) = learner(&weights);
            for layer in 0..weights.len() {
                let [inputs, _] = with_gradients.layers[layer].shape;
                for index in [0, weights[layer].weight.len() / 2, weights[layer].weight.len() - 1] {
                    let nudged = |by| {
                        let mut weights = weights.clone();
                        weights[layer].weight[index] += by;
                        f64::from(learner(&weights).0)
                    };
                    let slope = (nudged(NUDGE) - nudged(-NUDGE)) / f64::from(2.0 * NUDGE);
                    let position = index % inputs * with_gradients.layers[layer].outputs + index / inputs;
                    let gradient = f64::from(with_gradients.layers[layer].weight.gradient[position]);
                    assert!((slope - gradient).abs() < 2e-3, "layer {layer}, weight {index}: {slope}, {gradient}");
                }
            }
        }
    }

    #[test]
    fn dropout_keeps_the_mean() {
        let mut values = vec![1.0; 100_000];
        relu_and_dropout(&mut values, DROPOUT_STEPS / 5, &mut generator(0, Stream::Sample, 0));
        let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / 1e5;
        let zeros = values.iter().filter(|&&value| value == 0.0).count();
        assert!((mean - 1.0).abs() < 0.01, "{mean}");
        assert!((19_000..21_000).contains(&zeros), "{zeros}");
    }
}
