//! Images that stay on the device for a whole run.

use burn::tensor::{Device, Int, Tensor, TensorData};
use pinhole_protocol::GridShape;

use crate::{Compute, EngineError, data::ImageSet, pixels::unit};

/// Images uploaded in one go: 25 MB of floats, so that the host never holds all of them a second time.
const CHUNK: usize = 8_192;

/// One row of grey values, 0 to 1, an image.
#[derive(Debug)]
pub(super) struct ResidentImages {
    rows: Tensor<2>,
    device: Device,
}

impl ResidentImages {
    /// Uploads the first `count` images.
    pub fn upload(compute: &Compute, images: &ImageSet, count: usize) -> Result<Self, EngineError> {
        const WIDTH: usize = GridShape::MNIST.len();
        compute.check_fits(count * WIDTH * size_of::<f32>(), "data.limit", "use fewer images")?;
        let device = compute.device().clone();
        let mut rows = Tensor::<2>::empty([count, WIDTH], &device);
        for start in (0..count).step_by(CHUNK) {
            let end = (start + CHUNK).min(count);
            let values: Vec<f32> = (start..end).flat_map(|index| images.image(index)).map(|&grey| unit(grey)).collect();
            let chunk = Tensor::from_data(TensorData::new(values, [end - start, WIDTH]), &device);
            rows = rows.slice_assign([start..end, 0..WIDTH], chunk);
        }
        Ok(Self { rows, device })
    }

    /// Where they are.
    pub const fn device(&self) -> &Device {
        &self.device
    }

    /// The images with these indices, as a batch.
    pub fn batch(&self, indices: &[u32]) -> Tensor<2> {
        let indices: Vec<i32> = indices.iter().map(|&index| index.cast_signed()).collect();
        let count = indices.len();
        let indices = Tensor::<1, Int>::from_data(TensorData::new(indices, [count]), &self.device);
        self.rows.clone().select(0, indices)
    }
}
