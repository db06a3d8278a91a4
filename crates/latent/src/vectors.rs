//! Vectors of equal width.

use crate::LatentError;

/// Row-major vectors of equal width, all of whose values are finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Vectors {
    values: Vec<f32>,
    width: usize,
}

impl Vectors {
    /// Takes row-major vectors of `width` values.
    ///
    /// # Errors
    /// When the values do not make whole vectors, or one of them is not finite.
    pub fn new(values: Vec<f32>, width: usize) -> Result<Self, LatentError> {
        if width == 0 || !values.len().is_multiple_of(width) {
            return Err(LatentError::Ragged { values: values.len(), width });
        }
        match values.iter().position(|value| !value.is_finite()) {
            Some(index) => Err(LatentError::NotFinite { row: index / width + 1, column: index % width + 1 }),
            None => Ok(Self { values, width }),
        }
    }

    /// Vectors of values that come of finite ones.
    pub(crate) fn of_finite(values: Vec<f32>, width: usize) -> Self {
        debug_assert!(values.iter().all(|value| value.is_finite()), "values are finite");
        Self { values, width }
    }

    /// Number of vectors.
    pub const fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// True if there is no vector.
    pub const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Values of a vector.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The vector `index`.
    ///
    /// # Panics
    /// When there is no such vector.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.width..(index + 1) * self.width]
    }

    /// Every vector in turn.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, f32> {
        self.values.chunks_exact(self.width)
    }

    /// All values, vector after vector.
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_whole_and_finite() {
        let vectors = Vectors::new(vec![1.0, 2.0, 3.0, 4.0], 2).expect("they are whole");
        assert_eq!((vectors.len(), vectors.row(1)), (2, &[3.0, 4.0][..]));
        assert_eq!(Vectors::new(vec![1.0; 3], 2), Err(LatentError::Ragged { values: 3, width: 2 }));
        assert_eq!(Vectors::new(vec![1.0, 2.0, f32::NAN, 4.0], 2), Err(LatentError::NotFinite { row: 2, column: 1 }));
    }
}
