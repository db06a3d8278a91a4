//! How a weight lies in memory.

/// Axes of a dense layer's weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WeightLayout {
    /// [inputs, outputs], as Burn's `Linear` has it.
    InputsByOutputs,
    /// [outputs, inputs], as PyTorch has it, and a layer that is tied to another.
    OutputsByInputs,
}

#[cfg(feature = "gpu")]
impl WeightLayout {
    /// Inputs and outputs of a weight of this shape.
    pub(crate) const fn sizes(self, [rows, columns]: [usize; 2]) -> [usize; 2] {
        match self {
            Self::InputsByOutputs => [rows, columns],
            Self::OutputsByInputs => [columns, rows],
        }
    }

    /// The shape of a weight of so many inputs and outputs.
    pub(crate) const fn shape(self, [inputs, outputs]: [usize; 2]) -> [usize; 2] {
        self.sizes([inputs, outputs])
    }
}
