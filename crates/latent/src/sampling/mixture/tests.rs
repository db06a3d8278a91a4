use super::*;
use crate::{
    LatentError, Stepper as _,
    measure::variances,
    reference::{close, reference},
};

/// Three clusters of unequal size, seeded, in `width` dimensions.
fn clustered(count: usize, width: usize) -> Vectors {
    let mut rng = generator(5, Stream::Measure, 0);
    let mut values = Vec::new();
    for row in 0..count {
        let centre = [0.0, 6.0, -6.0][row % 4 % 3];
        values.extend((0..width).map(|_| (centre + rng.sample::<f64, _>(StandardNormal)) as f32));
    }
    Vectors::new(values, width).expect("whole")
}

#[test]
fn likelihood_and_bic_are_those_of_scikit_learn_from_the_same_start() {
    for case in reference().mixtures {
        let vectors = case.data.vectors();
        let covariance = if case.is_full { Covariance::Full } else { Covariance::Diagonal };
        let settings = MixtureSettings {
            shrinks: false,
            tolerance: 1e-11,
            iterations: 5_000,
            ..MixtureSettings::new(case.components, covariance)
        };
        let mixture = MixtureFit::new(&vectors, &case.assignments, settings).expect("enough vectors").finish();
        close(mixture.log_likelihood(), case.log_likelihood);
        close(mixture.bic() / case.bic, 1.0);
        mixture.weights.iter().zip(case.weights).for_each(|(&found, expected)| close(found, expected));
    }
}

#[test]
fn the_number_of_components_is_found_by_bic() {
    let vectors = clustered(400, 2);
    let mixture = MixtureSearch::new(&vectors, &[1, 2, 3, 4, 6], 1).expect("enough vectors").finish();
    assert_eq!(mixture.components(), 3);
}

#[test]
fn draws_have_the_moments_of_the_vectors_and_are_seeded() {
    let vectors = clustered(400, 3);
    for covariance in [Covariance::Full, Covariance::Diagonal] {
        let assignments = vec![0; 400];
        let settings = MixtureSettings { shrinks: false, ..MixtureSettings::new(1, covariance) };
        let mixture = MixtureFit::new(&vectors, &assignments, settings).expect("enough vectors").finish();
        let drawn = mixture.draw(20_000, 3);
        assert_eq!((drawn.len(), drawn.width()), (20_000, 3));
        for (found, expected) in variances(&drawn).into_iter().zip(variances(&vectors)) {
            assert!((found / expected - 1.0).abs() < 0.05, "{found} is not {expected}");
        }
        assert_eq!(mixture.draw(3, 3), mixture.draw(3, 3));
        assert_ne!(mixture.draw(3, 4), mixture.draw(3, 3));
    }
}

#[test]
fn equal_vectors_are_drawn_as_they_are() {
    let vectors = Vectors::new(vec![0.5; 12], 3).expect("whole");
    let mixture = MixtureSearch::new(&vectors, &[1, 2], 0).expect("enough vectors").finish();
    assert!(mixture.draw(5, 0).values().iter().all(|value| (value - 0.5).abs() < 1e-4));
}

#[test]
fn few_vectors_of_4096_dimensions_have_a_diagonal_mixture() {
    let vectors = clustered(30, 4_096);
    let mixture = MixtureSearch::new(&vectors, &[1, 2, 3], 0).expect("enough vectors").finish();
    assert_eq!((mixture.covariance(), mixture.components()), (Covariance::Diagonal, 3));
    assert!(mixture.bic().is_finite());
}

#[test]
fn one_vector_has_one_component_and_more_are_refused() {
    let one = Vectors::new(vec![1.0, 2.0], 2).expect("whole");
    assert_eq!(MixtureSearch::new(&one, &[1, 2, 4], 0).expect("one is enough").finish().components(), 1);
    let error = MixtureSearch::new(&one, &[3], 0).err();
    assert_eq!(error, Some(LatentError::TooManyGroups { groups: 3, vectors: 1 }));
    assert!(MixtureFit::new(&one, &[0], MixtureSettings::new(2, Covariance::Full)).is_err());
    assert!(MixtureSearch::new(&Vectors::new(vec![], 2).expect("whole"), &[1], 0).is_err());
}
