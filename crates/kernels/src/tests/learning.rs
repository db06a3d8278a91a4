//! All rooms together: a network that learns by kernels has the losses of one that learns by Burn's operations.

use burn::{
    optim::{AdamConfig, AdaptiveMomentumState, Optimizer},
    tensor::{Device, Tensor},
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
const RATE: f64 = 0.002;
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

    /// It to learn from, its tensors leaves.
    fn awake(self) -> Self {
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
        let through = conv::tests::composed;
        let values = through(pictures.clone(), down, a, &MAPS, Direction::Down, Activation::Relu);
        let code = linear::tests::composed(values, encoder, b, Activation::Tanh);
        let values = linear::tests::composed(code, decoder, c, Activation::LeakyRelu);
        let found = through(values, up, d, &MAPS, Direction::Up, Activation::Sigmoid);
        loss::tests::composed(found, pictures.clone(), Loss::Squared)
    }
}

/// Numbers between 0 and 1, the same every time: how fast two ways part depends on where they begin.
fn noise(count: usize, seed: f32, device: &Device) -> Tensor<1> {
    let number = |index: usize| ((index as f32 * 12.9898 + seed * 78.233).sin() * 43_758.547).rem_euclid(1.0);
    Tensor::from_floats((0..count).map(number).collect::<Vec<_>>().as_slice(), device)
}

/// What takes a step: a tensor, its gradient and its moments, which are 0 at first.
trait Step {
    fn step<const D: usize>(
        &self,
        count: usize,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdaptiveMomentumState<D>>,
    ) -> (Tensor<D>, AdaptiveMomentumState<D>);
}

struct ByKernel;

impl Step for ByKernel {
    fn step<const D: usize>(
        &self,
        count: usize,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdaptiveMomentumState<D>>,
    ) -> (Tensor<D>, AdaptiveMomentumState<D>) {
        let zeros = || tensor.zeros_like();
        let state = state.unwrap_or_else(|| AdaptiveMomentumState::new(0, zeros(), zeros()));
        let weight_decay = WeightDecay::InGradient(0.0);
        let step = adam::Step { learning_rate: RATE, count, betas: [0.9, 0.999], epsilon: 1e-8, weight_decay };
        let scalars = step.scalars(&tensor.device());
        let (tensor, [first, second]) = adam::step(tensor, gradient, [state.moment_1, state.moment_2], scalars);
        (tensor, AdaptiveMomentumState::new(count, first, second))
    }
}

struct ByBurn;

impl Step for ByBurn {
    fn step<const D: usize>(
        &self,
        count: usize,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdaptiveMomentumState<D>>,
    ) -> (Tensor<D>, AdaptiveMomentumState<D>) {
        let state = state.map(burn::optim::AdamState::new);
        let (tensor, state) = AdamConfig::new().with_epsilon(1e-8).build().step(RATE, tensor, gradient, state);
        let state = state.expect("Adam has moments").momentum;
        assert_eq!(state.time, count);
        (tensor, state)
    }
}

type Moments<const D: usize, const N: usize> = [Option<AdaptiveMomentumState<D>>; N];

/// Losses of all steps.
fn learn(
    mut network: Network,
    pictures: &Tensor<2>,
    loss: impl Fn(&Network, &Tensor<2>) -> Tensor<1>,
    by: &impl Step,
) -> Vec<f32> {
    let mut of_maps: Moments<4, 2> = [const { None }; 2];
    let mut of_dense: Moments<2, 2> = [const { None }; 2];
    let mut of_biases: Moments<1, 4> = [const { None }; 4];
    let mut losses = Vec::new();
    for count in 1..=STEPS {
        let awake = network.awake();
        let value = loss(&awake, pictures);
        let gradients = value.backward();
        losses.push(value.into_scalar::<f32>());
        network = Network {
            maps: each(awake.maps, &mut of_maps, &gradients, count, by),
            dense: each(awake.dense, &mut of_dense, &gradients, count, by),
            biases: each(awake.biases, &mut of_biases, &gradients, count, by),
        };
    }
    losses
}

fn each<const D: usize, const N: usize>(
    tensors: [Tensor<D>; N],
    moments: &mut Moments<D, N>,
    gradients: &burn::tensor::Gradients,
    count: usize,
    by: &impl Step,
) -> [Tensor<D>; N] {
    let mut moments = moments.iter_mut();
    tensors.map(|tensor| {
        let state = moments.next().expect("as many as tensors");
        let gradient = tensor.grad(gradients).expect("the loss reaches every layer");
        let (tensor, after) = by.step(count, tensor.inner(), gradient, state.take());
        *state = Some(after);
        tensor
    })
}

#[test]
fn a_hundred_steps_have_the_losses_of_burns() {
    on_every_device(|name, device| {
        let network = Network::new(&device);
        let pixels = MAPS.fine.iter().product();
        let pictures = noise(SAMPLES * pixels, 0.0, &device).reshape([SAMPLES, pixels]);
        let ours = learn(network.clone(), &pictures, Network::loss, &ByKernel);
        let burns = learn(network, &pictures, Network::loss_by_burn, &ByBurn);
        assert!(burns[STEPS - 1] < 0.97 * burns[0], "{name}: it learns, {burns:?}");
        for (step, (ours, burns)) in ours.iter().zip(&burns).enumerate() {
            // Sums in another order round differently, and each step adds to that.
            let tolerance = if step < 10 { 1e-4 } else { 1e-3 };
            assert!((ours - burns).abs() <= tolerance * burns, "{name}: {ours} where Burn has {burns} at step {step}");
        }
    });
}
