//! What learns: the network and its optimiser.

use burn::{
    grad_clipping::GradientClippingConfig,
    module::Module,
    optim::{AdamConfig, AdamWConfig, GradientsParams, ModuleOptimizer},
    tensor::Tensor,
};
use pinhole_protocol::{ReconstructionLoss, Schedule};

use crate::{network::Autoencoder, objective::reconstruction_loss};

/// PyTorch's default; Burn's is 1e-5, which learns visibly slower at the end.
const EPSILON: f32 = 1e-8;

/// A network with autodiff, and the moments of its optimiser.
pub(super) struct Learner {
    /// `None` only within a step: the optimiser consumes the network, so that it can reuse its buffers.
    network: Option<Autoencoder>,
    optimiser: ModuleOptimizer,
}

impl Learner {
    pub fn new(network: Autoencoder, schedule: &Schedule) -> Self {
        Self { network: Some(network.train()), optimiser: optimiser(schedule) }
    }

    /// The network as it is now, without autodiff.
    pub fn snapshot(&self) -> Autoencoder {
        self.network().valid()
    }

    /// Takes these weights instead.
    pub fn restore(&mut self, network: Autoencoder) {
        self.network = Some(network.train());
    }

    /// One step against the gradient. Answers the loss before it, still on the device.
    pub fn step(
        &mut self,
        loss: ReconstructionLoss,
        input: Tensor<2>,
        clean: Tensor<2>,
        learning_rate: f64,
    ) -> Tensor<1> {
        let network = self.network.take().expect("the network is put back at the end of every step");
        let loss = reconstruction_loss(loss, &network, input, clean);
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        self.network = Some(self.optimiser.step(learning_rate, network, gradients));
        loss.inner()
    }

    fn network(&self) -> &Autoencoder {
        self.network.as_ref().expect("the network is put back at the end of every step")
    }
}

fn optimiser(schedule: &Schedule) -> ModuleOptimizer {
    let clipping = schedule.gradient_clip_norm.map(GradientClippingConfig::Norm);
    if schedule.weight_decay > 0.0 {
        let config = AdamWConfig::new().with_epsilon(EPSILON).with_weight_decay(schedule.weight_decay);
        config.with_grad_clipping(clipping).init()
    } else {
        AdamConfig::new().with_epsilon(EPSILON).with_grad_clipping(clipping).init()
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};
    use pinhole_protocol::{Activation, BottleneckSpec, EncoderSpec, GridShape, NetworkPlan, NetworkSpec};

    use super::*;
    use crate::network::LayerWeights;

    const RATE: f64 = 0.01;
    const X: f32 = 0.5;

    /// One number down to a code and up again, with targets of 0.
    fn plan() -> NetworkPlan {
        let spec = NetworkSpec {
            input: GridShape { channels: 1, height: 1, width: 1 },
            encoder: EncoderSpec::Dense { widths: vec![] },
            bottleneck: BottleneckSpec::Dense { size: 1, activation: Activation::Linear },
            output_activation: Activation::Linear,
            ..NetworkSpec::default()
        };
        spec.plan().expect("one number in, one out")
    }

    /// Weight and bias of both layers after `steps` steps of the engine.
    fn trained(schedule: &Schedule, steps: usize) -> [f32; 4] {
        let device = Device::flex();
        let layer = |weight, bias| LayerWeights { weight: vec![weight], bias: vec![bias] };
        let network = Autoencoder::from_weights(&plan(), vec![layer(0.8, 0.3), layer(-0.6, 0.2)], &device);
        let mut learner = Learner::new(network, schedule);
        for _ in 0..steps {
            let input = Tensor::from_data(TensorData::new(vec![X], [1, 1]), &device);
            learner.step(ReconstructionLoss::Mse, input, Tensor::zeros([1, 1], &device), RATE);
        }
        let weights: Vec<f32> = learner
            .snapshot()
            .named_layers()
            .flat_map(|(_, layer)| layer.flat_parameters())
            .map(Tensor::into_scalar)
            .collect();
        weights.try_into().expect("two layers of a weight and a bias")
    }

    /// The same in 64-bit floats from the formulas of Kingma and Ba, with decoupled decay and clipping.
    fn by_the_paper(schedule: &Schedule, steps: usize) -> [f64; 4] {
        let mut weights = [0.8, 0.3, -0.6, 0.2];
        let (mut first, mut second) = ([0.0; 4], [0.0; 4]);
        for step in 1..=i32::try_from(steps).expect("few") {
            let [down, down_bias, up, up_bias] = weights;
            let code = down * f64::from(X) + down_bias;
            let slope = 2.0 * (up * code + up_bias);
            let gradients = [slope * up * f64::from(X), slope * up, slope * code, slope];
            for (index, mut gradient) in gradients.into_iter().enumerate() {
                if let Some(most) = schedule.gradient_clip_norm {
                    gradient *= (f64::from(most) / gradient.abs()).min(1.0);
                }
                first[index] = 0.9 * first[index] + 0.1 * gradient;
                second[index] = 0.999 * second[index] + 0.001 * gradient * gradient;
                let mean = first[index] / (1.0 - 0.9_f64.powi(step));
                let deviation = (second[index] / (1.0 - 0.999_f64.powi(step))).sqrt();
                weights[index] *= 1.0 - RATE * f64::from(schedule.weight_decay);
                weights[index] -= RATE * mean / (deviation + 1e-8);
            }
        }
        weights
    }

    fn check(schedule: &Schedule) {
        for (found, expected) in trained(schedule, 12).into_iter().zip(by_the_paper(schedule, 12)) {
            assert!((f64::from(found) - expected).abs() < 2e-5, "{found} where the paper has {expected}");
        }
    }

    #[test]
    fn adam_goes_where_the_paper_says() {
        check(&Schedule::default());
    }

    #[test]
    fn weight_decay_is_decoupled() {
        check(&Schedule { weight_decay: 0.5, ..Schedule::default() });
    }

    #[test]
    fn each_tensors_gradient_is_clipped_by_its_norm() {
        check(&Schedule { gradient_clip_norm: Some(0.05), ..Schedule::default() });
    }
}
