//! Products of matrices in WGSL, with what comes before and after them.
//!
//! A thread keeps a [tile](super::tile) of the result in registers and walks along the inner dimension; every size is a
//! constant of the text. CubeCL's choice without autotune writes 31 to 54 kB of WGSL a shape, takes about 2 s to compile
//! it, and launches 1 to 14 workgroups for the products of a small network.
//!
//! An [`Operand`] need not lie in memory as a matrix: a convolution is a product with one whose columns are the patches
//! that the kernel covers, read where the picture has them.

mod operand;
mod output;
mod writer;

use burn::tensor::Shape;
use burn_cubecl::tensor::CubeTensor;

use self::writer::Writer;
pub(crate) use self::{
    operand::{Load, Operand},
    output::{Epilogue, Output},
};
use super::{Kernel, empty, launch, sum::sum_over_first, tile::Tile};

/// `epilogue(a b)`, where `a` is [rows, inner] and `b` [inner, columns].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Product {
    pub rows: usize,
    pub inner: usize,
    pub columns: usize,
    pub a: Operand,
    pub b: Operand,
    pub output: Output,
    pub epilogue: Epilogue,
    /// Pairs of operands that follow one another in memory.
    pub batch: usize,
}

/// The buffers of a product. Which of the last two there are follows from the [`Product`].
pub(crate) struct Buffers<'a> {
    pub a: &'a CubeTensor,
    pub b: &'a CubeTensor,
    pub output: &'a CubeTensor,
    /// The result whose gradient an operand is.
    pub activated: Option<&'a CubeTensor>,
    /// The bias, or where sums go.
    pub vector: Option<&'a CubeTensor>,
}

impl Product {
    /// Launches it.
    pub fn launch(self, buffers: &Buffers) {
        let tile = Tile::choose([self.rows, self.columns], self.batch * self.output.phases());
        let parts = if self.can_be_split() { tile.parts([self.rows, self.columns], self.inner) } else { 1 };
        if parts == 1 {
            return self.launch_parts(tile, 1, buffers);
        }
        // Each part of the inner dimension by other workgroups, then their sum: else few would walk a long way.
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
        let [across, down] = tile.workgroups([self.rows, self.columns]);
        let count = [across, down, self.batch * self.output.phases() * parts].map(|count| count as u32);
        let kernel = Kernel::new((self, tile, parts), tile.workgroup.map(|threads| threads as u32), |spec| {
            let (product, tile, parts) = spec;
            Writer { product, tile, parts: *parts }.text()
        });
        let mut bound = vec![buffers.a, buffers.b, buffers.output];
        bound.extend(buffers.activated);
        bound.extend(buffers.vector);
        launch(kernel, count, &bound);
    }

    /// Whether the inner dimension may be worked on in parts: not where something is done with the whole sum.
    const fn can_be_split(&self) -> bool {
        let sums_only = !matches!(self.epilogue, Epilogue::BiasOfColumn(_) | Epilogue::BiasOfRow(_));
        sums_only && self.batch == 1 && matches!(self.output, Output::Rows)
    }
}
