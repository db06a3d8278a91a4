//! Measures and thresholds of a table that trained, and of files that are scored later by the detector's file.

use std::rc::Rc;

use pinhole_anomaly::{FittedDetector, Ranking, jobs::ScoreJob};
use pinhole_protocol::table::{DetectorPlan, Method, RowChoice, ScoredFile, ThresholdRule};
use pinhole_table::source::MemorySource;

use crate::parcels::{fit, open, parcels, plan, run};

/// Fits a detector to 400 parcels, 20 of them anomalies.
fn fitted(change: impl FnOnce(DetectorPlan) -> DetectorPlan) -> Ranking {
    let (table, summary) = open(Box::new(MemorySource::new("parcels.csv", parcels(400, 20, 1))));
    fit(&table, change(DetectorPlan { method: Method::Pca, ..plan(&summary) }))
}

/// Saves a detector, opens its file, and scores a table with it.
fn scored_later(detector: &FittedDetector, with_replay: bool, text: String) -> Ranking {
    let file = detector.to_file(with_replay).expect("it can be saved");
    let opened = FittedDetector::from_file("parcels", &file).expect("it opens");
    let (table, _) = open(Box::new(MemorySource::new("later.csv", text)));
    run(ScoreJob::new(&table, &Rc::new(opened), None).expect("the columns are there"))
}

fn counted_rows(file: &ScoredFile) -> &str {
    file.summary.counted_rows.as_deref().expect("rows were measured")
}

#[test]
fn precision_is_that_of_the_whole_table() {
    let mut ranking = fitted(|plan| plan);
    ranking.set_threshold(ThresholdRule::FalseAlarms(0.1)).expect("rows were held out");
    let (file, rows) = (ranking.file(), ranking.rows());
    let confusion = file.threshold.confusion.expect("there are labels");
    assert_eq!(confusion.false_positives + confusion.true_negatives, 380, "all normal rows");
    assert_eq!(confusion.false_positives, 37, "11 of 114 held-out rows, each of which counts for 3.33");
    let precision = file.threshold.precision.expect("rows are flagged");
    let expected = confusion.true_positives as f64 / (confusion.true_positives as f64 + 11.0 * 380.0 / 114.0);
    assert!((precision - expected).abs() < 1e-12 && rows.roles.trained() == 266);
    let counted = counted_rows(&file);
    assert!(
        counted.starts_with("Measured on 20 anomalies and 114 normal rows; rows that trained are left out"),
        "{counted}"
    );
    assert!(counted.contains("counts for 3.33") && counted.contains("all 380 normal rows"), "{counted}");
    assert_eq!(file.threshold.alerts, "About 57 of 400 rows per file like this one.");
    let unsupervised = fitted(|plan| DetectorPlan { rows: RowChoice::Unsupervised, ..plan }).file();
    assert_eq!(
        counted_rows(&unsupervised),
        "Measured on 20 anomalies and 380 normal rows, rows that trained among them."
    );
}

#[test]
fn rows_that_trained_stay_left_out_when_the_detector_is_opened_again() {
    let ranking = fitted(|plan| plan);
    let (detector, measures) = (ranking.calibrated_detector(), ranking.measures().expect("there are labels").clone());
    let again = scored_later(&detector, true, parcels(400, 20, 1));
    assert_eq!(again.measures(), Some(&measures));
    assert_eq!(again.file().summary.counted_rows, ranking.file().summary.counted_rows);
    assert_eq!(again.file().threshold.confusion, ranking.file().threshold.confusion);

    // The same rows and some more: which of them trained is not known, but that they are there.
    let more = parcels(400, 20, 1) + parcels(50, 20, 2).split_once('\n').expect("a header").1;
    let longer = scored_later(&detector, true, more).file();
    assert!(counted_rows(&longer).contains("About 100 % of the rows that trained are in this file"), "{longer:?}");
    let other = scored_later(&detector, true, parcels(400, 20, 3)).file();
    assert!(
        counted_rows(&other).contains("380 normal rows. As far as their cells tell, none of them is one"),
        "{other:?}"
    );
}

#[test]
fn the_contamination_changes_no_false_alarm_rate() {
    let rules = [0.05, 0.2].map(|contamination| fitted(|plan| DetectorPlan { contamination, ..plan }).threshold().rule);
    assert_eq!(rules, [ThresholdRule::FalseAlarms(0.05); 2]);
    let chosen = fitted(|plan| DetectorPlan { false_alarm_rate: 0.01, ..plan }).threshold().rule;
    assert_eq!(chosen, ThresholdRule::FalseAlarms(0.01));
    let unlabelled = fitted(|plan| DetectorPlan { contamination: 0.2, label: None, ..plan }).threshold().rule;
    assert_eq!(unlabelled, ThresholdRule::Contamination(0.2));
}

#[test]
fn a_capacity_holds_for_later_files() {
    let mut ranking = fitted(|plan| plan);
    ranking.set_threshold(ThresholdRule::Capacity(30)).expect("it needs nothing");
    assert_eq!(ranking.threshold().flagged, 30);
    for rows in [200, 900] {
        let later = scored_later(&ranking.detector_with_threshold(), true, parcels(rows, 20, 5));
        assert_eq!((later.threshold().flagged, later.threshold().rule), (30, ThresholdRule::Capacity(30)));
    }
    ranking.set_threshold(ThresholdRule::Quantile(0.9)).expect("it needs nothing");
    let later = scored_later(&ranking.detector_with_threshold(), true, parcels(200, 20, 5));
    assert!(matches!(later.threshold().rule, ThresholdRule::Score(_)), "{:?}", later.threshold());
}

#[test]
fn a_file_without_the_training_sample_keeps_the_share_that_is_flagged() {
    let mut ranking = fitted(|plan| DetectorPlan { method: Method::Autoencoder, ..plan });
    ranking.set_threshold(ThresholdRule::Contamination(0.1)).expect("it needs nothing");
    let detector = ranking.calibrated_detector();
    for with_replay in [true, false] {
        let again = scored_later(&detector, with_replay, parcels(400, 20, 1));
        assert_eq!(again.threshold().flagged, 40, "with the training sample: {with_replay}");
        let shift = again.file().drift.expect("it is another file").scores;
        assert!(shift.kolmogorov_smirnov < 0.25, "the scores are compared with their own kind: {shift:?}");
    }
    // Other methods need no such rows.
    let pca = fitted(|plan| plan).calibrated_detector();
    assert_eq!(pca.to_file(true).ok(), pca.to_file(false).ok());
}
