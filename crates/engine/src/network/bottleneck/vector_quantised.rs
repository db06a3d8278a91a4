//! Vector quantisation (VQ-VAE: van den Oord, Vinyals and Kavukcuoglu, "Neural Discrete Representation Learning",
//! NeurIPS 2017): `z_q = e_k` with `k = argmin_j |z_e - e_j|`, for every vector z_e of the code and the vectors e_j of
//! the codebook.
//!
//! The straight-through estimator copies the decoder's gradient from z_q to z_e: the decoder reads
//! `z_e + sg(z_q - z_e)`, where sg stops the gradient.

use burn::tensor::{Int, Tensor};
use pinhole_kernels::matmul::matmul_transposed;

use super::latent::Latent;

/// The quantised code, [samples, values] as `code`, and the vectors before and after.
///
/// `codebook` is [codes, dimension]. If `is_feature_map`, a code is [dimension, positions] and its vectors lie across
/// the channels; otherwise it is [positions, dimension].
pub(super) fn quantise(
    code: Tensor<2>,
    codebook: &Tensor<2>,
    [positions, dimension]: [usize; 2],
    is_feature_map: bool,
) -> (Tensor<2>, Latent) {
    let [samples, values] = code.dims();
    let z_e: Tensor<2> = if is_feature_map {
        let maps = code.clone().reshape([samples, dimension, positions]);
        maps.swap_dims(1, 2).reshape([samples * positions, dimension])
    } else {
        code.clone().reshape([samples * positions, dimension])
    };
    let z_q = codebook.clone().select(0, nearest_indices(z_e.clone().detach(), codebook.clone().detach()));
    let quantised: Tensor<2> = if is_feature_map {
        z_q.clone().reshape([samples, positions, dimension]).swap_dims(1, 2).reshape([samples, values])
    } else {
        z_q.clone().reshape([samples, values])
    };
    let straight_through = code.clone() + (quantised - code).detach();
    (straight_through, Latent::Quantised { z_e, z_q })
}

/// Index of the codebook vector nearest to each row, `[rows]`.
pub(super) fn nearest_indices(rows: Tensor<2>, codebook: Tensor<2>) -> Tensor<1, Int> {
    // |r - e|² = |r|² - 2 r·e + |e|², and |r|² is the same for every e.
    let squared_norms = codebook.clone().square().sum_dim(1).transpose();
    let distances = squared_norms - matmul_transposed(rows, codebook).mul_scalar(2.0);
    distances.argmin(1).flatten(0, 1)
}
