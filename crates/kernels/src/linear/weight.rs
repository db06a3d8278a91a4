//! The memory layout of a dense layer's weight.

/// Axes of a dense layer's weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WeightLayout {
    /// [inputs, outputs], as Burn's `Linear` has it.
    InputsByOutputs,
    /// [outputs, inputs], as PyTorch has it; also the weight of a layer that is tied to another.
    OutputsByInputs,
}

#[cfg(feature = "gpu")]
impl WeightLayout {
    /// Inputs and outputs of a weight of the shape [rows, columns].
    pub(crate) const fn sizes(self, [rows, columns]: [usize; 2]) -> [usize; 2] {
        match self {
            Self::InputsByOutputs => [rows, columns],
            Self::OutputsByInputs => [columns, rows],
        }
    }

    /// Shape of a weight.
    pub(crate) const fn shape(self, [inputs, outputs]: [usize; 2]) -> [usize; 2] {
        self.sizes([inputs, outputs])
    }
}
