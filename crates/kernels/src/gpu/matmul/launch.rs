//! Launch of a product's kernel, in parts if k is long.

use std::hash::Hash;

use burn::tensor::Shape;
use burn_cubecl::tensor::CubeTensor;

use super::{codegen::Codegen, operand::OperandIndexing, output::OutputIndexing, product::Matmul};
use crate::gpu::{Kernel, empty, launch, sum::sum_over_first, tile::Tile};

/// The buffers of a product. Which of the last two there are follows from the [`Matmul`].
pub(crate) struct Buffers<'a> {
    pub lhs: &'a CubeTensor,
    pub rhs: &'a CubeTensor,
    pub output: &'a CubeTensor,
    /// The layer output y, where an operand is the gradient of y.
    pub y: Option<&'a CubeTensor>,
    /// The bias that is read, or the sums that are written.
    pub vector: Option<&'a CubeTensor>,
}

impl<I, O> Matmul<I, O>
where
    I: OperandIndexing + Copy + Hash + Send + Sync + 'static,
    O: OutputIndexing + Copy + Hash + Send + Sync + 'static,
{
    /// Launches the product, and the sum of its parts if k is split.
    pub fn launch(self, buffers: &Buffers) {
        let tile = Tile::choose([self.m, self.n], self.batch * self.output.phases());
        let parts = if self.can_split_k() { tile.split_k([self.m, self.n], self.k) } else { 1 };
        if parts == 1 {
            return self.launch_parts(tile, 1, buffers);
        }
        // Each part of k by other workgroups, then their sum: else few would walk a long way.
        let partial = |whole: &CubeTensor| {
            let length = whole.meta.shape().num_elements();
            empty(whole, Shape::new([parts, length]))
        };
        let (output, vector) = (partial(buffers.output), buffers.vector.map(partial));
        self.launch_parts(tile, parts, &Buffers { output: &output, vector: vector.as_ref(), ..*buffers });
        sum_over_first(&output, buffers.output);
        if let (Some(part), Some(whole)) = (&vector, buffers.vector) {
            sum_over_first(part, whole);
        }
    }

    fn launch_parts(self, tile: Tile, parts: usize, buffers: &Buffers) {
        let [across, down] = tile.workgroups([self.m, self.n]);
        let count = [across, down, self.batch * self.output.phases() * parts].map(|count| count as u32);
        let kernel = Kernel::new((self, tile, parts), tile.workgroup.map(|threads| threads as u32), |spec| {
            let (matmul, tile, parts) = spec;
            Codegen { matmul: &matmul.as_dyn(), tile, parts: *parts }.wgsl()
        });
        let mut bound = vec![buffers.lhs, buffers.rhs, buffers.output];
        bound.extend(buffers.y);
        bound.extend(buffers.vector);
        launch(kernel, count, &bound);
    }
}
