//! Jobs over tables: how often they read the file, and that their results stay the same to the last bit.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use pinhole_anomaly::{Ranking, jobs::CompareJob};
use pinhole_protocol::table::{DetectorPlan, Method, RowChoice};
use pinhole_table::source::MemorySource;

use crate::parcels::{CountingSource, fit, open, parcels, plan, run};

/// FNV-1a.
fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}

/// Hashes of the rows that trained, and of all scores.
fn fingerprint(ranking: &Ranking) -> [u64; 2] {
    let rows = ranking.rows();
    [
        hash(rows.roles.trained_rows().flat_map(u32::to_le_bytes)),
        hash(rows.scores().iter().flat_map(|score| score.to_le_bytes())),
    ]
}

#[test]
fn the_same_rows_train_and_get_the_same_scores_as_ever() {
    // The rows that train, and the scores of PCA and the forest, are those of the version that read the file once for
    // the labels, and once more for the rows that train; the ensemble's are those of format 3.
    let cases = [
        (Method::Pca, RowChoice::Auto, [2_358_810_746_918_744_471, 10_437_001_204_881_429_292]),
        (Method::IsolationForest, RowChoice::Auto, [2_358_810_746_918_744_471, 14_828_222_846_750_272_442]),
        (Method::Autoencoder, RowChoice::Auto, [2_358_810_746_918_744_471, 7_921_706_237_870_954_771]),
        (Method::Autoencoder, RowChoice::Unsupervised, [4_291_587_762_553_149_365, 2_163_884_443_139_810_462]),
    ];
    let found = cases.map(|(method, rows, _)| {
        let (table, summary) = open(Box::new(MemorySource::new("parcels.csv", parcels(400, 20, 1))));
        fingerprint(&fit(&table, DetectorPlan { method, rows, ..plan(&summary) }))
    });
    assert_eq!(found, cases.map(|(_, _, expected)| expected));
}

#[test]
fn detector_files_keep_the_keys_of_their_format() {
    let (table, summary) = open(Box::new(MemorySource::new("parcels.csv", parcels(400, 20, 1))));
    let file = fit(&table, plan(&summary)).calibrated_detector().to_file(true).expect("it can be saved");
    let json = pinhole_numerics::tensor_file::metadata(&file, "pinhole", 1 << 20).expect("a header").expect("its key");
    let header: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    for key in [
        "/kind",
        "/network/experiment",
        "/extra/votes/network/weight",
        "/extra/votes/neighbours/tails",
        "/extra/votes/columns/scores",
        "/extra/trim/means",
        "/extra/trim/deviations",
        "/extra/facts/plan/expected_odd_share",
        "/extra/facts/preparation/columns",
        "/extra/facts/references/0/numbers/edges",
        "/extra/facts/score_reference/numbers/counts",
        "/extra/facts/threshold",
        "/extra/facts/trained_rows",
        "/extra/facts/elapsed_s",
    ] {
        assert!(header.pointer(key).is_some(), "{key} of {json}");
    }
}

#[test]
fn a_fit_reads_the_file_three_times() {
    let reads = Rc::new(Cell::new(0));
    let text = parcels(40_000, 20, 1);
    let (table, summary) = open(Box::new(CountingSource::new(text, &reads)));
    let plan = DetectorPlan { method: Method::Pca, ..plan(&summary) };
    assert!(plan.label.is_some());
    for (plan, step) in [(plan.clone(), "rows with their label"), (DetectorPlan { label: None, ..plan }, "rows")] {
        reads.set(0);
        fit(&table, plan);
        assert_eq!(reads.get(), 2, "{step}, then scores; the scan came before");
    }
}

#[test]
fn the_details_of_a_row_read_it_once() {
    let reads = Rc::new(Cell::new(0));
    let (table, summary) = open(Box::new(CountingSource::new(parcels(40_000, 20, 1), &reads)));
    let ranking = fit(&table, DetectorPlan { method: Method::Pca, ..plan(&summary) });
    reads.set(0);
    let details = ranking.details(40_000).expect("the last row");
    assert_eq!((reads.get(), details.contributions.len()), (1, 4));
    let [nearest, ..] = &details.contributions[0].nearest[..] else { panic!("{details:?}") };
    assert_eq!(details.nearest_rows.len(), 3);
    assert!(details.nearest_rows.iter().all(|row| row % 20 != 0), "none of them is an anomaly");
    assert!(!nearest.is_empty() && details.contributions.iter().all(|column| column.nearest.len() == 3));
}

#[test]
fn the_detector_is_compared_with_every_baseline_on_the_same_rows() {
    let (table, summary) = open(Box::new(MemorySource::new("parcels.csv", parcels(400, 20, 1))));
    for rows in [RowChoice::Auto, RowChoice::Unsupervised] {
        let ranking = fit(&table, DetectorPlan { method: Method::Pca, rows, ..plan(&summary) });
        let comparison = run(CompareJob::new(&Rc::new(RefCell::new(ranking))).expect("its own table"));
        let names: Vec<&str> = comparison.methods.iter().map(|method| method.name.as_str()).collect();
        assert_eq!(names, ["PCA", "Autoencoder", "Isolation forest", "kNN", "ECOD", "LOF", "HBOS"]);
        let repeats: Vec<usize> = comparison.methods.iter().map(|method| method.repeats).collect();
        let once = if rows == RowChoice::Auto { 3 } else { 1 };
        assert_eq!(repeats, [3, 3, 3, once, once, once, once]);
        for method in &comparison.methods {
            let auroc = method.auroc.expect("there are labels");
            assert!(auroc.mean > 0.75 && auroc.min <= auroc.mean && auroc.mean <= auroc.max, "{method:?}");
        }
        let own = &comparison.methods[0];
        assert!((own.rank_correlation - 1.0).abs() < 1e-12 && (own.top_overlap - 1.0).abs() < 1e-12);
    }
}
