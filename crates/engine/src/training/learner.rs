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
