//! A batch of training samples.

use burn::tensor::{Int, Tensor};

/// Inputs and targets of one batch, [samples, values] each.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The network's input: the target, corrupted.
    pub input: Tensor<2>,
    /// The values that the reconstruction is compared with.
    pub target: Tensor<2>,
    /// 1 where the corruption hid a value, else 0; `None` if it hides none.
    pub hidden: Option<Tensor<2>>,
    /// 1 where the target is known, 0 where it is missing, as an empty cell of a table is; `None` if all are known.
    pub known: Option<Tensor<2>>,
    /// Class of each sample, -1 for a sample without a label; `None` if no sample has one.
    pub labels: Option<Tensor<1, Int>>,
    /// The attributes that the experiment learns, in its order; `None` if it learns none.
    pub attributes: Option<BatchAttributes>,
}

/// Numeric attributes of the samples of a batch, [samples, attributes] each.
#[derive(Clone, Debug)]
pub struct BatchAttributes {
    /// Standardised numbers, 0 where one is missing.
    pub values: Tensor<2>,
    /// 1 where the number is known, else 0.
    pub known: Tensor<2>,
}

impl Batch {
    /// Number of samples.
    pub fn samples(&self) -> usize {
        self.input.dims()[0]
    }
}
