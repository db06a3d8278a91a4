//! `1 - SSIM`, the structural similarity of brightness, contrast and structure around each pixel:
//! `SSIM = (2 μ_a μ_b + C1)(2 σ_ab + C2) / ((μ_a² + μ_b² + C1)(σ_a² + σ_b² + C2))`, moments under a Gaussian window.
//!
//! Wang, Bovik, Sheikh and Simoncelli, "Image Quality Assessment: From Error Visibility to Structural Similarity", IEEE
//! Transactions on Image Processing 2004; as a loss, Zhao et al. 2017.

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_kernels::matmul::matmul;
use pinhole_protocol::GridShape;

use crate::measure::images::{SSIM_C1, SSIM_C2, SSIM_WINDOW, gaussian_window};

/// Number of local moments in the formula: two means, two mean squares and a mean product.
const MOMENTS: usize = 5;

/// SSIM loss of pictures of one shape, with values 0 to 1.
///
/// The window is that of [`ssim`](crate::measure::images::ssim): 11x11, Gaussian, around the pixels where all of it
/// fits. It is applied along rows and then columns as a product with a banded matrix, which is fast on every device,
/// forward and backward.
#[derive(Clone, Debug)]
pub struct SsimLoss {
    shape: GridShape,
    /// Window along columns: [height, rows where the window fits].
    column_band: Tensor<2>,
    /// Window along rows: [width, columns where the window fits].
    row_band: Tensor<2>,
}

impl SsimLoss {
    /// A loss for pictures of `shape`, each side at least [`SSIM_WINDOW`].
    pub fn new(shape: GridShape, device: &Device) -> Self {
        Self { shape, column_band: band(shape.height, device), row_band: band(shape.width, device) }
    }

    /// Mean over samples, channels and window positions, between 0 (equal) and 2. `reconstruction` and `target` are
    /// [samples, values].
    pub fn forward(&self, reconstruction: Tensor<2>, target: Tensor<2>) -> Tensor<1> {
        let products = [
            reconstruction.clone(),
            target.clone(),
            reconstruction.clone().square(),
            target.clone().square(),
            reconstruction * target,
        ];
        let moments = self.local_means(Tensor::stack::<3>(products.to_vec(), 0));
        let [mean_a, mean_b, square_a, square_b, product] =
            std::array::from_fn(|moment| moments.clone().slice([moment..=moment]));
        let means = mean_a.clone() * mean_b.clone();
        let mean_squares = mean_a.square() + mean_b.square();
        let covariance = product - means.clone();
        let variances = square_a + square_b - mean_squares.clone();
        let brightness = (means.mul_scalar(2.0) + SSIM_C1) / (mean_squares + SSIM_C1);
        let structure = (covariance.mul_scalar(2.0) + SSIM_C2) / (variances + SSIM_C2);
        (brightness * structure).mean().neg().add_scalar(1.0)
    }

    /// Mean under the window at every position: [moments, samples, values] to
    /// [moments, samples x channels x positions].
    fn local_means(&self, moments: Tensor<3>) -> Tensor<2> {
        let GridShape { channels, height, width } = self.shape;
        let [_, samples, _] = moments.dims();
        let pictures = samples * channels;
        let [[_, row_positions], [_, column_positions]] = [self.row_band.dims(), self.column_band.dims()];
        // Along rows first, then along columns, which are turned into rows.
        let rows = matmul(moments.reshape([MOMENTS * pictures * height, width]), self.row_band.clone());
        let columns = rows.reshape([MOMENTS * pictures, height, row_positions]).swap_dims(1, 2);
        let both = matmul(columns.reshape([MOMENTS * pictures * row_positions, height]), self.column_band.clone());
        both.reshape([MOMENTS, pictures * row_positions * column_positions])
    }
}

/// Banded matrix of the window at every position along a side: [side, positions].
fn band(side: usize, device: &Device) -> Tensor<2> {
    let window = gaussian_window();
    let positions = side - SSIM_WINDOW + 1;
    let mut values = vec![0.0; side * positions];
    for position in 0..positions {
        for (tap, weight) in window.iter().enumerate() {
            values[(position + tap) * positions + position] = *weight as f32;
        }
    }
    Tensor::from_data(TensorData::new(values, [side, positions]), device)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::{
        measure::images::ssim,
        objective::tests::{assert_gradient, number, uniform},
    };

    fn loss(shape: GridShape, reconstruction: Tensor<2>, target: Tensor<2>) -> Tensor<1> {
        SsimLoss::new(shape, &Device::flex()).forward(reconstruction, target)
    }

    #[test]
    fn equals_the_measure_in_f64_channel_by_channel() {
        let shape = GridShape { channels: 3, height: 13, width: 17 };
        let [a, b] = [1, 2].map(|seed| uniform([2, shape.len()], seed));
        let host = |tensor: &Tensor<2>| tensor.clone().into_data().try_into_vec::<f32>().expect("floats");
        let plane = shape.height * shape.width;
        let expected: f64 = host(&a)
            .chunks(plane)
            .zip(host(&b).chunks(plane))
            .map(|(a, b)| 1.0 - ssim(a, b, shape.height, shape.width))
            .sum::<f64>()
            / 6.0;
        assert!((number(loss(shape, a, b)) - expected).abs() < 1e-5);
    }

    #[test]
    fn the_loss_of_equal_pictures_is_0() {
        let picture = uniform([2, 784], 3);
        assert!(number(loss(GridShape::MNIST, picture.clone(), picture)).abs() < 1e-5);
    }

    #[test]
    fn gradient_equals_finite_differences() {
        let shape = GridShape { channels: 2, height: 12, width: 13 };
        let target = uniform([1, shape.len()], 2);
        assert_gradient(uniform([1, shape.len()], 1), |at| loss(shape, at, target.clone()));
    }
}
