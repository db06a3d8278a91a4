//! Result of a measure.

/// A measured value, a value to compare it with, and the number of samples (0: all held-out samples).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct MeasuredValue {
    pub value: f64,
    pub reference: Option<f64>,
    pub samples: usize,
}

impl MeasuredValue {
    pub const fn new(value: f64) -> Self {
        Self { value, reference: None, samples: 0 }
    }

    pub const fn with_reference(value: f64, reference: f64) -> Self {
        Self { value, reference: Some(reference), samples: 0 }
    }
}
