//! The baselines on tables of ADBench, beside what scikit-learn reaches under the same protocol.

use std::{fs, io::Read, path::Path};

use flate2::read::GzDecoder;
use pinhole_anomaly::{
    baselines::{IsolationForestFit, PcaFit},
    scoring::{MeasuredLabels, measures},
};
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
