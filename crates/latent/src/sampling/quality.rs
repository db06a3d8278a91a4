//! Likeness of drawn samples to real ones.

use std::collections::VecDeque;

use pinhole_numerics::random::{Stream, generator};
use rand::seq::SliceRandom as _;

use crate::{LatentError, NearestSearch, Stepper, Vectors};

/// A drawn sample is nearly a copy if it is nearer to a training sample than this share of the training samples are to
/// their nearest.
const COPY_QUANTILE: f64 = 0.01;

/// Figures of drawn samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleQuality {
    /// Median distance from a drawn sample to the nearest of one half of the held-out samples.
    pub distance_to_held_out: f64,
    /// The same from the other half of the held-out samples: what real samples have.
    pub usual_distance: f64,
    /// Share of the drawn samples that are nearly copies of a training sample.
    pub copied_share: f64,
    /// The same of held-out samples: about a hundredth, if they are like the training samples.
    pub usual_copied_share: f64,
}

/// Comparison of drawn samples with held-out and training samples, by the Euclidean distance to the nearest. Both
/// distances are to the same half of the held-out samples, as a distance to more samples is less.
#[derive(Debug)]
pub struct SampleQualityCheck<'a> {
    /// Searches that are left: drawn and then held-out samples among held-out ones; drawn, held-out and then training
    /// samples among training ones.
    searches: VecDeque<NearestSearch<'a>>,
    /// Nearest distances of those that are done.
    distances: Vec<Vec<f64>>,
}

impl<'a> SampleQualityCheck<'a> {
    /// Compares `drawn` samples; the halves of the held-out ones are drawn by `seed`.
    ///
    /// # Errors
    /// When there is no drawn sample, or there are fewer than two held-out or two training samples.
    pub fn new(
        drawn: &'a Vectors,
        held_out: &'a Vectors,
        training: &'a Vectors,
        seed: u64,
    ) -> Result<Self, LatentError> {
        let parts = [(drawn, "drawn samples", 1), (held_out, "held-out samples", 2), (training, "training samples", 2)];
        for (vectors, kind, least) in parts {
            if vectors.len() < least {
                let found = vectors.len();
                return Err(LatentError::TooFewOfKind {
                    subject: "The measure of drawn samples",
                    kind,
                    least,
                    count: found,
                });
            }
        }
        let all = |vectors: &Vectors| (0..vectors.len()).collect::<Vec<_>>();
        let [all_drawn, all_training, all_held_out] = [drawn, training, held_out].map(all);
        let mut order = all_held_out.clone();
        order.shuffle(&mut generator(seed, Stream::Measure, 1));
        let (half, other_half) = order.split_at(order.len() / 2);
        let searches = [
            NearestSearch::of((drawn, &all_drawn), (held_out, half), 1),
            NearestSearch::of((held_out, other_half), (held_out, half), 1),
            NearestSearch::of((drawn, &all_drawn), (training, &all_training), 1),
            NearestSearch::of((held_out, &all_held_out), (training, &all_training), 1),
            NearestSearch::among(training, &all_training, 1),
        ];
        Ok(Self { searches: searches.into(), distances: Vec::new() })
    }
}

impl Stepper for SampleQualityCheck<'_> {
    type Output = SampleQuality;

    fn advance(&mut self) -> Option<SampleQuality> {
        let nearest = self.searches.front_mut()?.advance()?;
        self.searches.pop_front();
        let mut distances: Vec<f64> = (0..nearest.len()).map(|query| nearest.distances(query)[0]).collect();
        distances.sort_unstable_by(f64::total_cmp);
        self.distances.push(distances);
        let [drawn, usual, to_copies, usual_to_copies, training] = &self.distances[..] else { return None };
        let copy = quantile(training, COPY_QUANTILE);
        let share =
            |distances: &[f64]| distances.partition_point(|&distance| distance <= copy) as f64 / distances.len() as f64;
        Some(SampleQuality {
            distance_to_held_out: quantile(drawn, 0.5),
            usual_distance: quantile(usual, 0.5),
            copied_share: share(to_copies),
            usual_copied_share: share(usual_to_copies),
        })
    }
}

/// Quantile of ascending values, linear between neighbours as NumPy's default.
fn quantile(values: &[f64], share: f64) -> f64 {
    let place = share * (values.len() - 1) as f64;
    let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::*;

    fn line(values: impl Iterator<Item = f32>) -> Vectors {
        Vectors::new(values.collect(), 1).expect("whole")
    }

    #[test]
    fn copies_are_told_from_samples_between_and_far_away() {
        let training = line((0..100).map(|value| value as f32));
        let held_out = line((0..50).map(|value| value as f32 * 2.0 + 0.5));
        let check =
            |drawn: Vectors| SampleQualityCheck::new(&drawn, &held_out, &training, 0).expect("enough samples").finish();
        let copies = check(line((0..40).map(|value| value as f32)));
        assert!((copies.copied_share - 1.0).abs() < 1e-12, "{copies:?}");
        let far = check(line((0..40).map(|value| value as f32 + 1_000.0)));
        assert!(far.copied_share.abs() < 1e-12 && far.distance_to_held_out > 50.0 * far.usual_distance, "{far:?}");
        // The nearest training sample of each is 1 away, of the held-out ones half as far: nothing new, by this rule.
        assert!((far.usual_copied_share - 1.0).abs() < 1e-12);
    }

    #[test]
    fn samples_of_the_same_kind_are_as_near_as_usual() {
        let [drawn, held_out, training] = [5, 6, 7].map(|seed| {
            let mut rng = generator(seed, Stream::Measure, 0);
            Vectors::new((0..1_200).map(|_| rng.random()).collect(), 2).expect("whole")
        });
        let found = SampleQualityCheck::new(&drawn, &held_out, &training, 0).expect("enough samples").finish();
        assert!((found.distance_to_held_out / found.usual_distance - 1.0).abs() < 0.25, "{found:?}");
        assert!(found.copied_share < 0.05 && found.usual_copied_share < 0.05, "{found:?}");
    }

    #[test]
    fn too_few_samples_are_named() {
        let (none, one, two) = (line([].into_iter()), line([1.0].into_iter()), line([1.0, 2.0].into_iter()));
        let message = |drawn, held_out, training| {
            SampleQualityCheck::new(drawn, held_out, training, 0).expect_err("too few").to_string()
        };
        assert!(message(&none, &two, &two).contains("at least 1 drawn samples, and there are none"));
        assert!(message(&one, &one, &two).contains("at least 2 held-out samples, and there is one"));
        assert!(message(&one, &two, &one).contains("at least 2 training samples"));
        assert!(SampleQualityCheck::new(&one, &two, &two, 0).is_ok());
    }

    #[test]
    fn quantiles_are_linear_between_neighbours() {
        assert!((quantile(&[1.0, 2.0, 4.0], 0.75) - 3.0).abs() < 1e-12);
        assert!((quantile(&[7.0], 0.01) - 7.0).abs() < 1e-12);
    }
}
