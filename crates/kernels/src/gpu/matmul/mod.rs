//! Products of matrices in WGSL, `lhs rhs` with lhs [m, k] and rhs [k, n], with what comes before and after them.
//!
//! A thread keeps a [tile](super::tile) of the output in registers and walks along k; every size is a constant of the
//! WGSL. CubeCL's choice without autotune writes 31 to 54 kB of WGSL per shape, takes about 2 s to compile it, and
//! launches 1 to 14 workgroups for the products of a small network.
//!
//! An [`Operand`] need not lie in memory as a matrix (implicit GEMM): a convolution is a product whose rhs has as
//! columns the patches that the kernel covers, read where the picture has them. An operation brings an
//! [`OperandIndexing`] and an [`OutputIndexing`] of its own for that.

mod codegen;
mod operand;
mod output;

use std::{fmt::Debug, hash::Hash};

use burn::tensor::Shape;
use burn_cubecl::tensor::CubeTensor;

use self::codegen::Codegen;
pub(crate) use self::{
    operand::{Load, Operand, OperandIndexing},
    output::{Epilogue, OutputIndexing, RowMajor},
};
use super::{Kernel, empty, launch, sum::sum_over_first, tile::Tile};

/// `epilogue(lhs rhs)`, where `lhs` is [m, k] and `rhs` [k, n].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Matmul<I = Load, O = RowMajor> {
    pub m: usize,
    pub k: usize,
    pub n: usize,
    pub lhs: Operand<I>,
    pub rhs: Operand<I>,
    pub output: O,
    pub epilogue: Epilogue,
    /// Pairs of operands that follow one another in memory.
    pub batch: usize,
}

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

    /// The product with its indexing behind pointers, so that the code generator is compiled once.
    fn as_dyn(&self) -> Matmul<&dyn OperandIndexing, &dyn OutputIndexing> {
        let Self { m, k, n, lhs, rhs, output, epilogue, batch } = self;
        let (m, k, n, batch, epilogue) = (*m, *k, *n, *batch, *epilogue);
        Matmul { m, k, n, lhs: lhs.as_dyn(), rhs: rhs.as_dyn(), output, epilogue, batch }
    }

    /// True if k may be split into parts: not where the epilogue reads the whole sum.
    fn can_split_k(&self) -> bool {
        let reads_whole_sum = matches!(self.epilogue, Epilogue::ColumnBias(_) | Epilogue::RowBias(_));
        !reads_whole_sum && self.batch == 1 && self.output.is_row_major()
    }
}
