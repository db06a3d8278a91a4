//! The autoencoder: encoder, bottleneck and decoder, as a [`NetworkPlan`](pinhole_protocol::NetworkPlan) lays them out.

mod autoencoder;
mod bottleneck;
mod layer;
mod layer_outputs;
mod regression;
mod sequential;
mod step_rng;
mod weights;

#[cfg(test)]
mod tests;

pub use autoencoder::{Autoencoder, Forward};
pub use bottleneck::{Bottleneck, Latent};
pub use layer::{Layer, activate};
pub use layer_outputs::LayerOutputs;
pub use regression::RegressionHead;
pub use sequential::Sequential;
pub use step_rng::{Mode, StepRng};
pub(crate) use weights::to_pytorch_layout;
pub use weights::{NetworkWeights, initial_weights};
