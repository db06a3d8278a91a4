//! Structural similarity: whether brightness, contrast and structure agree around each pixel.
//!
//! Wang, Bovik, Sheikh and Simoncelli, "Image Quality Assessment: From Error Visibility to Structural Similarity", IEEE
//! Transactions on Image Processing 2004; as a loss, Zhao et al. 2017.

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_kernels::matmul::matmul;
use pinhole_protocol::GridShape;

use crate::measure::images::{SSIM_C1, SSIM_C2, SSIM_WINDOW, gaussian_window};

/// Local moments that the index is made of: means, mean squares and mean product.
const MOMENTS: usize = 5;

/// `1 - SSIM` of pictures of one shape, with values 0 to 1.
///
/// The window is that of [`ssim`](crate::measure::images::ssim): 11x11, Gaussian, around those pixels
/// where the whole of it fits. It is applied along rows and along columns as a product with a banded matrix, which every
/// device is quick at, forward and backward.
#[derive(Clone, Debug)]
pub struct Dissimilarity {
    shape: GridShape,
    /// [height, rows where the window fits]
    down: Tensor<2>,
    /// [width, columns where the window fits]
    across: Tensor<2>,
}

impl Dissimilarity {
    /// For pictures of `shape`, each side at least [`SSIM_WINDOW`].
    pub fn new(shape: GridShape, device: &Device) -> Self {
        Self { shape, down: band(shape.height, device), across: band(shape.width, device) }
    }

    /// The mean over samples, channels and places, between 0 (equal) and 2.
    pub fn of(&self, reconstruction: Tensor<2>, clean: Tensor<2>) -> Tensor<1> {
        let products = [
            reconstruction.clone(),
            clean.clone(),
            reconstruction.clone().square(),
            clean.clone().square(),
            reconstruction * clean,
        ];
        let blurred = self.blur(Tensor::stack::<3>(products.to_vec(), 0));
        let [mean_a, mean_b, square_a, square_b, product] =
            std::array::from_fn(|moment| blurred.clone().slice([moment..=moment]));
        let means = mean_a.clone() * mean_b.clone();
        let mean_squares = mean_a.square() + mean_b.square();
        let covariance = product - means.clone();
        let variances = square_a + square_b - mean_squares.clone();
        let brightness = (means.mul_scalar(2.0) + SSIM_C1) / (mean_squares + SSIM_C1);
        let structure = (covariance.mul_scalar(2.0) + SSIM_C2) / (variances + SSIM_C2);
        (brightness * structure).mean().neg().add_scalar(1.0)
    }

    /// The window's mean around every place: [moments, samples, values] to [moments, places].
    fn blur(&self, moments: Tensor<3>) -> Tensor<2> {
        let GridShape { channels, height, width } = self.shape;
        let [_, samples, _] = moments.dims();
        let pictures = samples * channels;
        let [[_, places_across], [_, places_down]] = [self.across.dims(), self.down.dims()];
        // Along rows first; then along columns, which are turned into rows.
        let rows = matmul(moments.reshape([MOMENTS * pictures * height, width]), self.across.clone());
        let columns = rows.reshape([MOMENTS * pictures, height, places_across]).swap_dims(1, 2);
        let both = matmul(columns.reshape([MOMENTS * pictures * places_across, height]), self.down.clone());
        both.reshape([MOMENTS, pictures * places_across * places_down])
    }
}

/// The window at every place along a side: [side, places].
fn band(side: usize, device: &Device) -> Tensor<2> {
    let window = gaussian_window();
    let places = side - SSIM_WINDOW + 1;
    let mut values = vec![0.0; side * places];
    for place in 0..places {
        for (tap, weight) in window.iter().enumerate() {
            values[(place + tap) * places + place] = *weight as f32;
        }
    }
    Tensor::from_data(TensorData::new(values, [side, places]), device)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::{
        measure::images::ssim,
        objective::tests::{assert_gradient, number, uniform},
    };

    fn loss(shape: GridShape, reconstruction: Tensor<2>, clean: Tensor<2>) -> Tensor<1> {
        Dissimilarity::new(shape, &Device::flex()).of(reconstruction, clean)
    }

    #[test]
    fn agrees_with_the_measure_in_f64_channel_by_channel() {
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
    fn equal_pictures_cost_nothing() {
        let picture = uniform([2, 784], 3);
        assert!(number(loss(GridShape::MNIST, picture.clone(), picture)).abs() < 1e-5);
    }

    #[test]
    fn the_gradient_is_the_slope() {
        let shape = GridShape { channels: 2, height: 12, width: 13 };
        let clean = uniform([1, shape.len()], 2);
        assert_gradient(uniform([1, shape.len()], 1), |at| loss(shape, at, clean.clone()));
    }
}
