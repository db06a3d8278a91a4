//! Work in pieces.

/// Multiply-adds of a piece: some milliseconds, in wasm too.
pub(crate) const PIECE: usize = 1 << 22;

/// Work that is done in pieces of some milliseconds, so that the caller can stop between them.
pub trait Stepper {
    /// The result.
    type Output;

    /// Does the next piece. The last one returns the result; nothing is to be asked after it.
    fn advance(&mut self) -> Option<Self::Output>;

    /// Does all pieces at once.
    fn finish(mut self) -> Self::Output
    where
        Self: Sized,
    {
        loop {
            if let Some(output) = self.advance() {
                return output;
            }
        }
    }
}

/// Rows of a piece, when each costs `cost` multiply-adds.
pub(crate) fn rows_per_piece(cost: usize) -> usize {
    (PIECE / cost.max(1)).max(1)
}
