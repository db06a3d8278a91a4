//! What a unit remembers, and how.

/// A kind of recurrent unit, with the order of its gates' weights: PyTorch's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// Long short-term memory (Hochreiter and Schmidhuber 1997; Gers et al. 2000). Gates: write, forget, candidate,
    /// output.
    Lstm,
    /// Gated recurrent unit (Cho et al. 2014), the reset applied after the product, as PyTorch and cuDNN do. Gates:
    /// reset, update, candidate.
    Gru,
}

impl Cell {
    /// Rows of weights a unit.
    pub const fn gates(self) -> usize {
        match self {
            Self::Lstm => 4,
            Self::Gru => 3,
        }
    }

    /// Numbers that a unit keeps of a step for the way back: its gates' values, then the LSTM's cell, or what the GRU's
    /// state says to the candidate before it is reset.
    pub const fn kept(self) -> usize {
        self.gates() + 1
    }
}
