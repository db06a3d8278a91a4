//! Intrinsic dimension by the two nearest neighbours.

use crate::{LatentError, NearestSearch, Stepper, Vectors};

/// Share of the greatest ratios that is left out, as in the paper.
const DISCARDED: f64 = 0.1;

/// TwoNN (Facco, d'Errico, Rodriguez and Laio 2017), as scikit-dimension's `TwoNN`: with mu the distance of the second
/// nearest neighbour over that of the nearest, and F the share of vectors with a lower mu, the slope through the origin
/// of `-ln(1 - F)` over `ln mu`, without the tenth of greatest mu. Copies of a vector are left out.
#[derive(Debug)]
pub struct TwoNearest<'a> {
    search: NearestSearch<'a>,
}

impl<'a> TwoNearest<'a> {
    /// Intrinsic dimension of the vectors `rows`.
    ///
    /// # Errors
    /// When there are fewer than three.
    pub fn new(vectors: &'a Vectors, rows: &'a [usize]) -> Result<Self, LatentError> {
        let found = rows.len();
        if found < 3 {
            return Err(LatentError::TooFew { method: "The intrinsic dimension", least: 3, count: found });
        }
        Ok(Self { search: NearestSearch::among(vectors, rows, 2) })
    }
}

impl Stepper for TwoNearest<'_> {
    /// The dimension; `None` if hardly any vectors differ.
    type Output = Option<f64>;

    fn advance(&mut self) -> Option<Option<f64>> {
        let nearest = self.search.advance()?;
        let distances = (0..nearest.len()).map(|query| nearest.distances(query));
        let mut ratios: Vec<f64> =
            distances.filter(|distances| distances[0] > 0.0).map(|distances| distances[1] / distances[0]).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        let count = ratios.len() as f64;
        let kept = (count * (1.0 - DISCARDED)) as usize;
        let (mut products, mut squares) = (0.0, 0.0);
        for (index, ratio) in ratios[..kept].iter().enumerate() {
            let across = ratio.ln();
            products += across * -(-(index as f64) / count).ln_1p();
            squares += across * across;
        }
        Some((squares > 0.0).then(|| products / squares))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{close, reference};

    #[test]
    fn dimensions_are_those_of_the_papers_formula() {
        for case in reference().intrinsic_dimensions {
            let vectors = case.data.vectors();
            let rows: Vec<usize> = (0..vectors.len()).collect();
            let found = TwoNearest::new(&vectors, &rows).expect("enough").finish().expect("they differ");
            close(found, case.dimension);
        }
    }

    #[test]
    fn equal_vectors_have_no_dimension_and_two_are_refused() {
        let vectors = Vectors::new(vec![1.0; 8], 2).expect("whole");
        assert_eq!(TwoNearest::new(&vectors, &[0, 1, 2, 3]).expect("enough").finish(), None);
        assert!(TwoNearest::new(&vectors, &[0, 1]).is_err());
    }
}
