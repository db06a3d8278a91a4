//! A code made of codebook vectors (VQ-VAE, van den Oord et al. 2017).

use burn::tensor::{Int, Tensor};
use pinhole_kernels::matmul::matmul_transposed;

use super::Latent;

/// Replaces every vector of a code by the nearest of the codebook. Gradients go straight through to the encoder.
///
/// `is_map` says that the code is feature maps, [dimension, places], and its vectors lie across the channels; otherwise
/// they lie one after the other, [places, dimension].
pub(super) fn quantise(
    code: Tensor<2>,
    codebook: &Tensor<2>,
    [places, dimension]: [usize; 2],
    is_map: bool,
) -> (Tensor<2>, Latent) {
    let [samples, values] = code.dims();
    let encoded: Tensor<2> = if is_map {
        let maps = code.clone().reshape([samples, dimension, places]);
        maps.swap_dims(1, 2).reshape([samples * places, dimension])
    } else {
        code.clone().reshape([samples * places, dimension])
    };
    let chosen = codebook.clone().select(0, nearest(encoded.clone().detach(), codebook.clone().detach()));
    let replaced: Tensor<2> = if is_map {
        chosen.clone().reshape([samples, places, dimension]).swap_dims(1, 2).reshape([samples, values])
    } else {
        chosen.clone().reshape([samples, values])
    };
    let straight_through = code.clone() + (replaced - code).detach();
    (straight_through, Latent::Quantised { encoded, chosen })
}

/// Index of the codebook vector nearest to each row.
pub(crate) fn nearest(rows: Tensor<2>, codebook: Tensor<2>) -> Tensor<1, Int> {
    // |r - c|² = |r|² - 2 r·c + |c|², and |r|² is the same for all.
    let lengths = codebook.clone().square().sum_dim(1).transpose();
    let distances = lengths - matmul_transposed(rows, codebook).mul_scalar(2.0);
    distances.argmin(1).flatten(0, 1)
}
