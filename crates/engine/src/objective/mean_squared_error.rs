//! Mean squared error: the reconstruction is the mean of a Gaussian around the clean input.
//!
//! Vincent et al., "Stacked Denoising Autoencoders", JMLR 2010, section 2.2.

use burn::tensor::Tensor;

/// The mean over samples and values of the squared difference.
pub fn mean_squared_error(reconstruction: Tensor<2>, clean: Tensor<2>) -> Tensor<1> {
    (reconstruction - clean).square().mean()
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    #[test]
    fn is_the_mean_over_samples_and_values() {
        let device = Device::flex();
        let reconstruction = Tensor::from_floats([[0.0, 1.0], [0.5, 0.25]], &device);
        let clean = Tensor::from_floats([[1.0, 1.0], [0.0, 0.75]], &device);
        let loss: f32 = mean_squared_error(reconstruction, clean).into_scalar();
        assert!((loss - (1.0 + 0.0 + 0.25 + 0.25) / 4.0).abs() < 1e-7);
    }
}
