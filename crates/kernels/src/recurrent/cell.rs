//! The kinds of recurrent cells.

/// A kind of recurrent cell. Its gates lie in PyTorch's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// Long short-term memory (Hochreiter & Schmidhuber 1997; Gers et al. 2000). Gates i, f, g, o: input, forget, cell
    /// and output.
    Lstm,
    /// Gated recurrent unit (Cho et al. 2014), the reset applied after the product, as in PyTorch and cuDNN. Gates r,
    /// z, n: reset, update and new.
    Gru,
}

impl Cell {
    /// Gates per unit.
    pub const fn gates(self) -> usize {
        match self {
            Self::Lstm => 4,
            Self::Gru => 3,
        }
    }

    /// Numbers per unit and step that are saved for the backward pass: the gates' values, then the LSTM's cell state c,
    /// or the GRU's `hn = W_hn h + b_hn`.
    pub const fn saved(self) -> usize {
        self.gates() + 1
    }
}
