//! All operations together: a network trained by kernels has the losses of one trained by Burn's operations.

use burn::{
    optim::{AdamConfig, AdaptiveMomentumState, LearningRate, Optimizer},
    tensor::{Device, Gradients, Tensor},
};

use super::on_every_device;
use crate::{
    Activation,
    adam::{self, WeightDecay},
    conv::{self, Convolution, Direction, convolve},
    linear::{self, WeightLayout, linear},
    loss::{self, Loss},
};

const STEPS: usize = 100;
const LEARNING_RATE: f64 = 0.002;
const EPSILON: f32 = 1e-8;
const SAMPLES: usize = 24;
/// An encoder and a decoder, each a convolution and a dense layer.
const MAPS: Convolution = Convolution {
    samples: SAMPLES,
    fine: [1, 8, 8],
    coarse: [6, 4, 4],
    kernel: [3; 2],
    stride: [2; 2],
    padding: [1; 2],
};
const CODE: usize = 5;

/// Weights and biases of the four layers.
#[derive(Clone)]
struct Network {
    maps: [Tensor<4>; 2],
    dense: [Tensor<2>; 2],
    biases: [Tensor<1>; 4],
}

impl Network {
    fn new(device: &Device) -> Self {
        let numbers = MAPS.coarse.iter().product();
        let weight = |count, seed| noise(count, seed, device).sub_scalar(0.5).mul_scalar(0.6);
        Self {
            maps: [1.0, 2.0].map(|seed| weight(6 * 9, seed).reshape([6, 1, 3, 3])),
            dense: [[numbers, CODE], [CODE, numbers]].map(|sizes| weight(numbers * CODE, 3.0).reshape(sizes)),
            biases: [6, CODE, numbers, 1].map(|outputs| Tensor::zeros([outputs], device)),
        }
    }

    /// The network with its tensors as leaves of an autodiff graph.
    fn require_grad(self) -> Self {
        Self {
            maps: self.maps.map(|tensor| tensor.autodiff().require_grad()),
            dense: self.dense.map(|tensor| tensor.autodiff().require_grad()),
            biases: self.biases.map(|tensor| tensor.autodiff().require_grad()),
        }
    }

    fn loss(&self, pictures: &Tensor<2>) -> Tensor<1> {
        let [a, b, c, d] = self.biases.clone();
        let ([down, up], [encoder, decoder]) = (self.maps.clone(), self.dense.clone());
        let layout = WeightLayout::InputsByOutputs;
        let values = convolve(pictures.clone(), down, a, MAPS, Direction::Down, Activation::Relu);
        let code = linear(values, encoder, b, layout, Activation::Tanh);
        let values = linear(code, decoder, c, layout, Activation::LeakyRelu);
        let logits = convolve(values, up, d, MAPS, Direction::Up, Activation::Linear);
        loss::mean(logits, pictures.clone(), Activation::Sigmoid, Loss::Squared)
    }

    fn loss_by_burn(&self, pictures: &Tensor<2>) -> Tensor<1> {
        let [a, b, c, d] = self.biases.clone();
        let ([down, up], [encoder, decoder]) = (self.maps.clone(), self.dense.clone());
        let convolve = conv::tests::composed;
        let values = convolve(pictures.clone(), down, a, &MAPS, Direction::Down, Activation::Relu);
        let code = linear::tests::composed(values, encoder, b, Activation::Tanh);
        let values = linear::tests::composed(code, decoder, c, Activation::LeakyRelu);
        let prediction = convolve(values, up, d, &MAPS, Direction::Up, Activation::Sigmoid);
        loss::tests::composed(prediction, pictures.clone(), Loss::Squared)
    }
}

/// Numbers between 0 and 1, the same every time: how fast two runs diverge depends on where they begin.
fn noise(count: usize, seed: f32, device: &Device) -> Tensor<1> {
    let number = |index: usize| ((index as f32 * 12.9898 + seed * 78.233).sin() * 43_758.547).rem_euclid(1.0);
    Tensor::from_floats((0..count).map(number).collect::<Vec<_>>().as_slice(), device)
}

/// Adam by kernel, behind the trait of Burn's optimisers.
#[derive(Clone)]
struct ByKernel;

impl Optimizer for ByKernel {
    type State<const D: usize> = AdaptiveMomentumState<D>;

    fn step<const D: usize>(
        &self,
        learning_rate: LearningRate,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<D>, Option<Self::State<D>>) {
        let zeros = || tensor.zeros_like();
        let state = state.unwrap_or_else(|| AdaptiveMomentumState::new(0, zeros(), zeros()));
        let (count, weight_decay) = (state.time + 1, WeightDecay::InGradient(0.0));
        let step = adam::Step { learning_rate, count, betas: [0.9, 0.999], epsilon: EPSILON.into(), weight_decay };
        let scalars = step.scalars(&tensor.device());
        let (tensor, [m, v]) = adam::step(tensor, gradient, [state.moment_1, state.moment_2], scalars);
        (tensor, Some(AdaptiveMomentumState::new(count, m, v)))
    }

    fn to_device<const D: usize>(state: Self::State<D>, device: &Device) -> Self::State<D> {
        state.to_device(device)
    }
}

/// Trains the network and returns the losses of all steps.
fn train<O: Optimizer>(
    mut network: Network,
    pictures: &Tensor<2>,
    loss: impl Fn(&Network, &Tensor<2>) -> Tensor<1>,
    optimiser: &O,
) -> Vec<f32> {
    let mut maps_states: [Option<O::State<4>>; 2] = [const { None }; 2];
    let mut dense_states: [Option<O::State<2>>; 2] = [const { None }; 2];
    let mut biases_states: [Option<O::State<1>>; 4] = [const { None }; 4];
    let mut losses = Vec::new();
    for _ in 0..STEPS {
        let tracked = network.require_grad();
        let value = loss(&tracked, pictures);
        let gradients = value.backward();
        losses.push(value.into_scalar::<f32>());
        network = Network {
            maps: stepped(tracked.maps, &mut maps_states, &gradients, optimiser),
            dense: stepped(tracked.dense, &mut dense_states, &gradients, optimiser),
            biases: stepped(tracked.biases, &mut biases_states, &gradients, optimiser),
        };
    }
    losses
}

fn stepped<O: Optimizer, const D: usize, const N: usize>(
    tensors: [Tensor<D>; N],
    states: &mut [Option<O::State<D>>; N],
    gradients: &Gradients,
    optimiser: &O,
) -> [Tensor<D>; N] {
    let mut states = states.iter_mut();
    tensors.map(|tensor| {
        let state = states.next().expect("as many as tensors");
        let gradient = tensor.grad(gradients).expect("the loss reaches every layer");
        let (tensor, after) = optimiser.step(LEARNING_RATE, tensor.inner(), gradient, state.take());
        *state = after;
        tensor
    })
}

#[test]
fn a_hundred_steps_have_the_losses_of_burn() {
    on_every_device(|name, device| {
        let network = Network::new(&device);
        let pixels = MAPS.fine.iter().product();
        let pictures = noise(SAMPLES * pixels, 0.0, &device).reshape([SAMPLES, pixels]);
        let ours = train(network.clone(), &pictures, Network::loss, &ByKernel);
        let expected =
            train(network, &pictures, Network::loss_by_burn, &AdamConfig::new().with_epsilon(EPSILON).build());
        assert!(expected[STEPS - 1] < 0.97 * expected[0], "{name}: it learns, {expected:?}");
        for (step, (ours, expected)) in ours.iter().zip(&expected).enumerate() {
            // Sums in another order round differently, and each step adds to that.
            let tolerance = if step < 10 { 1e-4 } else { 1e-3 };
            assert!(
                (ours - expected).abs() <= tolerance * expected,
                "{name}: {ours} where Burn has {expected} at step {step}"
            );
        }
    });
}
