//! What a shape is read as.

/// How the values between two layers are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Values without neighbours.
    Vector,
    /// Channels of rows and columns.
    Picture,
    /// Steps (rows) of features (columns).
    Sequence,
}

impl Form {
    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Vector => "vector",
            Self::Picture => "picture",
            Self::Sequence => "sequence",
        }
    }
}
