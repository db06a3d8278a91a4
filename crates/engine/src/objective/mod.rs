//! What training minimises: how far the reconstruction of a corrupted input is from the clean one.

mod binary_cross_entropy;
pub mod corruption;
mod mean_squared_error;

use burn::tensor::Tensor;
use pinhole_protocol::ReconstructionLoss;

use crate::network::Autoencoder;

pub use binary_cross_entropy::binary_cross_entropy_with_logits;
pub use mean_squared_error::mean_squared_error;

/// The mean loss of a batch: the network sees `input` and should answer `clean`.
pub fn reconstruction_loss(
    loss: ReconstructionLoss,
    network: &Autoencoder,
    input: Tensor<2>,
    clean: Tensor<2>,
) -> Tensor<1> {
    match loss {
        ReconstructionLoss::Mse => mean_squared_error(network.forward(input), clean),
        ReconstructionLoss::BinaryCrossEntropy => {
            binary_cross_entropy_with_logits(network.forward_logits(input), clean)
        }
    }
}
