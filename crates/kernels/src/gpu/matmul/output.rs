//! The output of a product: how it is indexed, and the epilogue on the way.

use crate::Activation;

/// Operation on the product before it is stored, or beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Epilogue {
    /// Nothing.
    None,
    /// A bias per column is added and an activation applied.
    ColumnBias(Activation),
    /// A bias per row is added and an activation applied.
    RowBias(Activation),
    /// The columns of rhs are summed into a buffer of their own.
    ColumnSums,
    /// The rows of lhs are summed into a buffer of their own.
    RowSums,
}

impl Epilogue {
    /// Name of the buffer that the epilogue reads or writes.
    pub const fn buffer(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::ColumnBias(_) | Self::RowBias(_) => Some("bias"),
            Self::ColumnSums | Self::RowSums => Some("sums"),
        }
    }
}

/// The indexing of an output, in WGSL.
pub(crate) trait OutputIndexing {
    /// True if the output lies in memory as [m, n].
    fn is_row_major(&self) -> bool {
        false
    }

    /// Workgroups along z, each of which computes another part of the output.
    fn phases(&self) -> usize {
        1
    }

    /// Declarations of what is computed once per column: variables that begin with `name`.
    fn column(&self, name: &str, column: &str) -> String;

    /// Index of the value of a row in the column of the variables `column`, and the condition under which it is stored.
    fn index(&self, row: &str, column: &str, n: usize) -> (String, Option<String>);
}

/// Indexing of an output [m, n].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RowMajor;

impl OutputIndexing for RowMajor {
    fn is_row_major(&self) -> bool {
        true
    }

    fn column(&self, name: &str, column: &str) -> String {
        format!("let {name} = {column};\n")
    }

    fn index(&self, row: &str, column: &str, n: usize) -> (String, Option<String>) {
        (format!("({row}) * {n}u + {column}"), None)
    }
}
