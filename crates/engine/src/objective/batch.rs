//! What one step learns from.

use burn::tensor::{Int, Tensor};

/// What the network sees, and what it should make of that: [samples, values] each.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What it sees: corrupted.
    pub input: Tensor<2>,
    /// What it should answer.
    pub clean: Tensor<2>,
    /// 1 where the corruption hid a value, else 0; `None` if it hides none.
    pub hidden: Option<Tensor<2>>,
    /// 1 where a sample's value is known, else 0: an empty cell of a table, which nothing can be compared with. `None` if
    /// all are known.
    pub known: Option<Tensor<2>>,
    /// Each sample's class, -1 where it has none; `None` if the samples have no labels at all.
    pub labels: Option<Tensor<1, Int>>,
}

impl Batch {
    /// How many.
    pub fn samples(&self) -> usize {
        self.input.dims()[0]
    }
}
