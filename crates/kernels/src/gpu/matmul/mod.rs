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
mod launch;
mod operand;
mod output;
mod product;

pub(crate) use self::{
    launch::Buffers,
    operand::{Load, Operand, OperandIndexing},
    output::{Epilogue, OutputIndexing, RowMajor},
    product::Matmul,
};
