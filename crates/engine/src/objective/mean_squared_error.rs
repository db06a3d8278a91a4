//! Mean squared error: the reconstruction is the mean of a Gaussian around the clean input.
//!
//! Vincent et al., "Stacked Denoising Autoencoders", JMLR 2010, section 2.2.

use burn::tensor::Tensor;

/// The mean over samples and values of the squared difference.
pub fn mean_squared_error(reconstruction: Tensor<2>, clean: Tensor<2>) -> Tensor<1> {
    (reconstruction - clean).square().mean()
}
