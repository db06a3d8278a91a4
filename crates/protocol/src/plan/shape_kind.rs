//! Interpretation of a shape by the layers.

/// Kind of the values between two layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeKind {
    /// `[values]`, without neighbourhood.
    Vector,
    /// [channels, height, width].
    Picture,
    /// [steps, features], stored as one channel with a row per step.
    Sequence,
}

impl ShapeKind {
    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Vector => "vector",
            Self::Picture => "picture",
            Self::Sequence => "sequence",
        }
    }
}
