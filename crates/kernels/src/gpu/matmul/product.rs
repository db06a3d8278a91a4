//! Description of a product of matrices.

use std::hash::Hash;

use super::{
    operand::{Load, Operand, OperandIndexing},
    output::{Epilogue, OutputIndexing, RowMajor},
};

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

impl<I, O> Matmul<I, O>
where
    I: OperandIndexing + Copy + Hash + Send + Sync + 'static,
    O: OutputIndexing + Copy + Hash + Send + Sync + 'static,
{
    /// The product with its indexing behind pointers, so that the code generator is compiled once.
    pub(super) fn as_dyn(&self) -> Matmul<&dyn OperandIndexing, &dyn OutputIndexing> {
        let Self { m, k, n, lhs, rhs, output, epilogue, batch } = self;
        let (m, k, n, batch, epilogue) = (*m, *k, *n, *batch, *epilogue);
        Matmul { m, k, n, lhs: lhs.as_dyn(), rhs: rhs.as_dyn(), output, epilogue, batch }
    }

    /// True if k may be split into parts: not where the epilogue reads the whole sum.
    pub(super) fn can_split_k(&self) -> bool {
        let reads_whole_sum = matches!(self.epilogue, Epilogue::ColumnBias(_) | Epilogue::RowBias(_));
        !reads_whole_sum && self.batch == 1 && self.output.is_row_major()
    }
}
