//! Separable linear filters, one matrix per axis.

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_kernels::matmul::matmul_transposed;
use pinhole_protocol::GridShape;

/// A separable linear filter X ↦ R X Cᵀ of a picture X [height, width].
#[derive(Clone, Debug)]
pub(super) struct Filter {
    /// R, [height, height].
    pub rows: Vec<f32>,
    /// C, [width, width].
    pub columns: Vec<f32>,
}

/// One filter for all samples of a batch, or one per sample.
#[derive(Clone, Debug)]
pub(super) struct Filters {
    filters: Vec<Filter>,
    shape: GridShape,
}

impl Filters {
    pub fn new(filters: Vec<Filter>, shape: GridShape) -> Self {
        Self { filters, shape }
    }

    /// Filters a batch [samples, values] by two (batched) products.
    pub fn apply(&self, batch: Tensor<2>, device: &Device) -> Tensor<2> {
        let GridShape { channels, height, width } = self.shape;
        let [samples, values] = batch.dims();
        let count = self.filters.len();
        // [filters, out, in].
        let matrices = |side: usize, matrix: fn(&Filter) -> &Vec<f32>| {
            let values: Vec<f32> = self.filters.iter().flat_map(matrix).copied().collect();
            Tensor::<3>::from_data(TensorData::new(values, [count, side, side]), device)
        };
        let lines = samples * channels / count;
        let rows = batch.reshape([count, lines * height, width]);
        let across = matmul_transposed(rows, matrices(width, |filter| &filter.columns));
        let turned = across.reshape([samples * channels, height, width]).swap_dims(1, 2);
        let columns = turned.reshape([count, lines * width, height]);
        let down = matmul_transposed(columns, matrices(height, |filter| &filter.rows));
        down.reshape([samples * channels, width, height]).swap_dims(1, 2).reshape([samples, values])
    }

    /// Filters consecutive samples on the host.
    pub fn apply_to(&self, values: &mut [f32]) {
        let GridShape { height, width, .. } = self.shape;
        let mut filters = self.filters.iter().cycle();
        for sample in values.chunks_exact_mut(self.shape.len()) {
            let Some(filter) = filters.next() else { return };
            for plane in sample.chunks_exact_mut(height * width) {
                let across: Vec<f32> = plane
                    .chunks_exact(width)
                    .flat_map(|row| filter.columns.chunks_exact(width).map(|line| dot(line, row)))
                    .collect();
                for x in 0..width {
                    let column: Vec<f32> = across.iter().skip(x).step_by(width).copied().collect();
                    for (y, line) in filter.rows.chunks_exact(height).enumerate() {
                        plane[y * width + x] = dot(line, &column);
                    }
                }
            }
        }
    }
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}
