//! PCA against scikit-learn's values.

use pinhole_latent::{Vectors, projection::pca::Pca};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    rows: usize,
    width: usize,
    explained_variance: Vec<f64>,
    explained_variance_ratio: Vec<f64>,
    /// First entries of each component, at most three.
    first_entries: Vec<f64>,
    /// Coordinates of the first two vectors.
    first_coordinates: Vec<f64>,
}

/// The matrix of `tests/reference/pca.py`.
fn matrix(rows: usize, width: usize) -> Vectors {
    let mut state = 12_345_u64;
    let values = (0..rows * width).map(|index| {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        ((state >> 8) % 97 * (1 + index as u64 % width as u64 % 5)) as f32
    });
    Vectors::new(values.collect(), width).expect("whole numbers")
}

fn assert_close(name: &str, found: impl Iterator<Item = f64>, expected: &[f64], tolerance: f64) {
    let scale = expected.iter().fold(1.0_f64, |scale, value| scale.max(value.abs()));
    let found: Vec<f64> = found.collect();
    assert_eq!(found.len(), expected.len(), "{name}");
    for (index, (value, expected)) in found.iter().zip(expected).enumerate() {
        assert!((value - expected).abs() <= tolerance * scale, "{name} {index}: {value} instead of {expected}");
    }
}

#[test]
fn components_are_those_of_scikit_learn() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../reference/pca.json")).expect("the script wrote it");
    for case in cases {
        let vectors = matrix(case.rows, case.width);
        let count = case.explained_variance.len();
        let pca = Pca::fit(&vectors, count).expect("there are enough vectors");
        let name = |what: &str| format!("{what} of {}x{}", case.rows, case.width);
        let variance = pca.explained_variance().iter().copied();
        assert_close(&name("variance"), variance, &case.explained_variance, 1e-9);
        let ratio = pca.explained_variance_ratio().into_iter();
        assert_close(&name("ratio"), ratio, &case.explained_variance_ratio, 1e-9);
        let entries = (0..count).flat_map(|index| pca.component(index)[..case.width.min(3)].to_vec());
        assert_close(&name("entries"), entries, &case.first_entries, 1e-8);
        let coordinates = pca.transform(&vectors).expect("of their own width");
        let first = coordinates[..2 * count].iter().map(|&value| f64::from(value));
        assert_close(&name("coordinates"), first, &case.first_coordinates, 1e-6);
    }
}

#[test]
fn all_components_give_the_vectors_back() {
    let vectors = matrix(50, 6);
    let pca = Pca::fit(&vectors, 6).expect("there are enough vectors");
    let rebuilt = pca.inverse_transform(&pca.transform(&vectors).expect("of their own width"));
    let error = rebuilt.iter().zip(vectors.values()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(error < 1e-3, "{error}");
}

/// Balanced categories have one eigenvalue many times over, and further components vary along nothing.
#[test]
fn repeated_eigenvalues_are_all_found() {
    let one_hot = |index: usize| (0..10).map(move |column| f32::from(u8::from(index % 10 == column)));
    let vectors = Vectors::new((0..200).flat_map(one_hot).collect(), 10).expect("whole");
    let pca = Pca::fit(&vectors, 10).expect("there are enough vectors");
    let expected = [[0.1 * 200.0 / 199.0; 9].as_slice(), &[0.0]].concat();
    assert_close("variance", pca.explained_variance().iter().copied(), &expected, 1e-12);
    for (index, other) in (0..10).flat_map(|index| (0..10).map(move |other| (index, other))) {
        let product: f64 = pca.component(index).iter().zip(pca.component(other)).map(|(a, b)| a * b).sum();
        assert!((product - f64::from(u8::from(index == other))).abs() < 1e-9, "{index} and {other}");
    }
}
