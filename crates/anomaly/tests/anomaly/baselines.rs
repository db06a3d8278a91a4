//! The baselines on tables of ADBench, beside what scikit-learn reaches under the same protocol.

use std::{fs, io::Read, path::Path, time::Duration};

use flate2::read::GzDecoder;
use pinhole_anomaly::{
    baselines::{BaselineRows, BaselineRun, IsolationForestFit, LocalOutlierFactor, PcaFit},
    detector::{FeatureTable, Neighbours},
    scoring::{MeasuredLabels, measures},
};
use pinhole_protocol::table::Baseline;
use rand::seq::SliceRandom;
use rand_pcg::Pcg32;

const SEEDS: u64 = 3;

/// Features of a table's rows, and true for each anomaly; `None` where the shared data is not there.
fn read(name: &str) -> Option<Vec<(Vec<f32>, bool)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/adbench").join(name);
    let Ok(bytes) = fs::read(&path) else {
        println!("SKIP {name}: the shared data is not there");
        return None;
    };
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).expect("the table is compressed text");
    } else {
        text = String::from_utf8(bytes).expect("the table is text");
    }
    let row = |line: &str| {
        let mut cells: Vec<f32> = line.split(',').map(|cell| cell.parse().expect("cells are numbers")).collect();
        let is_anomalous = cells.pop().expect("the label comes last") > 0.5;
        (cells, is_anomalous)
    };
    Some(text.lines().skip(1).map(row).collect())
}

/// Mean AUROC of PCA and of the forest: fitted on 70 % of the normal rows, measured on the others and all anomalies.
fn aurocs(table: &[(Vec<f32>, bool)]) -> (f64, f64) {
    let (mut pca_sum, mut forest_sum) = (0.0, 0.0);
    for seed in 0..SEEDS {
        let (mut normal, anomalies): (Vec<_>, Vec<_>) = table.iter().partition(|(_, is_anomalous)| !is_anomalous);
        normal.shuffle(&mut Pcg32::new(seed, 0));
        let measured = normal.split_off(normal.len() * 7 / 10);
        let training: Vec<f32> = normal.iter().flat_map(|(row, _)| row.iter().copied()).collect();
        let width = normal[0].0.len();
        let mut fit = PcaFit::new(width).expect("a sound width");
        fit.add(&training);
        let pca = fit.finish().expect("enough rows");
        let forest = IsolationForestFit::new(&training, width, seed).expect("enough rows").finish();
        let rows: Vec<&(Vec<f32>, bool)> = measured.into_iter().chain(anomalies).collect();
        let labels: Vec<Option<bool>> = rows.iter().map(|(_, is_anomalous)| Some(*is_anomalous)).collect();
        let labels = MeasuredLabels::of_all(&labels);
        let mut residuals = vec![0.0; width];
        let pca_scores: Vec<f64> = rows.iter().map(|(row, _)| pca.score(row, &mut residuals)).collect();
        let forest_scores: Vec<f64> = rows.iter().map(|(row, _)| forest.score(row)).collect();
        pca_sum += measures(&pca_scores, labels).expect("both kinds of rows").auroc;
        forest_sum += measures(&forest_scores, labels).expect("both kinds of rows").auroc;
    }
    (pca_sum / SEEDS as f64, forest_sum / SEEDS as f64)
}

#[test]
fn baselines_find_what_scikit_learns_find() {
    // PCA: NumPy's eigenvectors, each kept by v / (v + 1). Forest: scikit-learn's.
    for (name, pca_expected, forest_expected) in [
        ("4_breastw.csv", 0.986, 0.994),
        ("6_cardio.csv", 0.947, 0.943),
        ("38_thyroid.csv", 0.975, 0.988),
        ("23_mammography.csv", 0.885, 0.881),
    ] {
        let Some(table) = read(name) else { continue };
        let (pca, forest) = aurocs(&table);
        println!("{name}: PCA {pca:.3}, isolation forest {forest:.3}");
        assert!((pca - pca_expected).abs() < 0.015, "{name}: PCA {pca} is not about {pca_expected}");
        assert!((forest - forest_expected).abs() < 0.02, "{name}: forest {forest} is not about {forest_expected}");
    }
}

/// Sixty rows of three features, the last of which lies far from all others.
fn curve() -> Vec<f32> {
    let row = |index: u32| {
        let at = f64::from(index);
        let features =
            [2.0 * (1.3 * at).sin(), (0.7 * at).cos() + 0.3 * f64::from(index % 5), f64::from(index * 37 % 11) / 5.0];
        if index == 59 { [4.0, -3.0, 3.0] } else { features.map(|feature| feature as f32) }
    };
    (0..60).flat_map(row).collect()
}

/// Scores of the curve's rows by a baseline that all of them train.
fn scores(baseline: Baseline) -> Vec<f64> {
    let rows = BaselineRows { features: FeatureTable::plain(curve(), 3), trained: (0..60).collect() };
    let mut run = BaselineRun::new(baseline, &rows, 0).expect("enough rows");
    loop {
        if let Some(scores) = run.advance(&rows, Duration::from_millis(1)).expect("they can be learnt from") {
            return scores;
        }
    }
}

/// Reference values, X being the curve in double precision:
/// `NearestNeighbors(n_neighbors=6).fit(X).kneighbors(X)[0][:, 5]` and
/// `-LocalOutlierFactor(n_neighbors=20).fit(X).negative_outlier_factor_` of scikit-learn 1.7;
/// PyOD's ECOD written out: with `U_l = -log(ecdf(x))`, `U_r = -log(ecdf(-x))` and SciPy's `skew`,
/// `max(U_l, U_r, U_l * -sign(skew - 1) + U_r * sign(skew + 1)).sum(axis=1)`.
#[test]
fn neighbours_and_tails_score_as_scikit_learn_and_pyod() {
    for (baseline, expected) in [
        (Baseline::NearestNeighbours, [1.033_910_79, 0.881_336_06, 1.547_646_78, 4.243_994_81]),
        (Baseline::LocalOutlierFactor, [0.996_032_19, 0.966_136_18, 1.040_593_08, 2.562_039_92]),
        (Baseline::Ecod, [5.137_627_27, 4.723_022_67, 6.064_646_07, 12.283_033_69]),
    ] {
        let scores = scores(baseline);
        for (row, expected) in [0, 17, 41, 59].into_iter().zip(expected) {
            assert!(
                (scores[row] - expected).abs() < 2e-5 * expected,
                "{baseline:?}, row {row}: {} for {expected}",
                scores[row]
            );
        }
    }
    let mut histograms: Vec<(f64, usize)> = scores(Baseline::Histograms).into_iter().zip(0..).collect();
    histograms.sort_by(|one, other| other.0.total_cmp(&one.0));
    assert_eq!(histograms[0].1, 59);
}

/// `-LocalOutlierFactor(n_neighbors=20, novelty=True).fit(X).score_samples(new)`, and the fifth distance of
/// `NearestNeighbors(n_neighbors=5)`.
#[test]
fn new_rows_are_scored_by_the_rows_that_trained() {
    let rows = curve();
    let mut factor = LocalOutlierFactor::new(&rows, 3);
    while factor.add() {}
    let neighbours = Neighbours::new(&rows, 3);
    for (row, of_factor, of_neighbours) in
        [([0.5, 0.2, 1.0], 0.952_129_89, 0.979_792_48), ([9.0, 0.0, 1.0], 4.051_953_18, 7.111_725_07)]
    {
        let distance = f64::from(neighbours.nearest(&row, 5, None)[4].0).sqrt();
        assert!((factor.score(&row, None) - of_factor).abs() < 2e-5 * of_factor);
        assert!((distance - of_neighbours).abs() < 2e-5 * of_neighbours);
    }
}
