//! Serialised names: what files, links and the terminal's JSON of older versions contain is read today, and written
//! alike.

use pinhole_protocol::{
    BlockSpec, BottleneckSpec, Experiment, Measure, Measurement, Noise, Prior, Scope,
    table::{
        ColumnKind, DetectorPlan, Dialect, ErrorCosts, Method, NumberScaling, RowChoice, TextEncoding, ThresholdRule,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Asserts that `json` is read as a `T` which is written as the same JSON, and returns it.
fn read_and_written_alike<T: DeserializeOwned + Serialize>(json: &str) -> T {
    let value: T = serde_json::from_str(json).expect("the names are known");
    let expected: Value = serde_json::from_str(json).expect("the test's own JSON");
    assert_eq!(serde_json::to_value(&value).expect("it can be written"), expected);
    value
}

#[test]
fn an_experiment_keeps_its_names() {
    let experiment: Experiment = read_and_written_alike(
        r#"{
            "data": { "source": "table_rows", "limit": 500 },
            "network": {
                "input": { "channels": 12, "height": 1, "width": 1 },
                "encoder": [
                    { "dense": { "width": 64 } },
                    { "conv": { "channels": 8, "scaling": "stride" } },
                    { "conv1d": { "channels": 8, "scaling": "pool" } },
                    { "lstm": { "units": 16 } },
                    { "gru": { "units": 16 } },
                    { "transformer": { "width": 16, "heads": 2, "hidden": 32 } },
                    "residual",
                    "highway"
                ],
                "bottleneck": { "adversarial": { "size": 2, "prior": "ring", "hidden": 128 } },
                "decoder": { "blocks": [{ "dense": { "width": 64 } }] },
                "activation": "leaky_relu",
                "output_activation": "linear",
                "normalisation": { "group": { "groups": 4 } },
                "dropout": 0.25,
                "skips": false,
                "tied": false,
                "learnt_variance": true,
                "head": { "classes": 3 },
                "regression": { "attribute": "age" }
            },
            "objective": {
                "loss": "binary_cross_entropy",
                "corruption": { "noise": "salt_and_pepper", "level": 0.5, "varied": true },
                "scope": "hidden",
                "reconstruction": 1.0,
                "penalties": [
                    { "kind": { "kl_sparsity": { "target": 0.25 } }, "weight": 0.5 },
                    { "kind": "total_correlation", "weight": 2.0 }
                ],
                "beta": 4.0,
                "beta_warm_up_share": 0.5,
                "commitment": 0.25,
                "adversarial": 0.125,
                "classification": 0.5,
                "regression": 0.25,
                "ties": [
                    { "latent": 0, "target": { "attribute": "age" } },
                    { "latent": 1, "target": { "label": { "classes": 3 } } }
                ],
                "tying": 0.25
            },
            "schedule": {
                "epochs": 10,
                "batch_size": 64,
                "optimiser": { "sgd": { "momentum": 0.5 } },
                "learning_rate": 0.125,
                "learning_rate_schedule": { "cosine_restarts": { "first_epochs": 2, "factor": 2 } },
                "warm_up_share": 0.25,
                "part_rates": { "encoder": 0.0, "decoder": 1.0 },
                "weight_decay": 0.5,
                "gradient_clip_norm": 1.0,
                "gradient_clip_value": null,
                "accumulated_batches": 2,
                "gradient_checkpointing": true,
                "moving_average": 0.5,
                "augmentation": { "shift_px": 2.0, "rotation_degrees": 10.0, "elastic_px": 0.5 },
                "validation_share": 0.25,
                "early_stopping": { "patience_epochs": 3 }
            },
            "seed": 18446744073709551615
        }"#,
    );
    assert_eq!(experiment.network.encoder[3], BlockSpec::Lstm { units: 16 });
    assert_eq!(experiment.network.bottleneck, BottleneckSpec::Adversarial { size: 2, prior: Prior::Ring, hidden: 128 });
    assert_eq!(
        (experiment.objective.corruption.noise, experiment.objective.scope),
        (Noise::SaltAndPepper, Scope::Hidden)
    );
    assert_eq!(experiment.seed, u64::MAX);
}

#[test]
fn an_experiment_without_ties_and_regression_has_none() {
    let text = r#"{ "network": { "head": { "classes": 3 } }, "objective": { "classification": 0.5 } }"#;
    let experiment: Experiment = serde_json::from_str(text).expect("an experiment of an earlier version");
    assert_eq!((experiment.network.regression.as_ref(), experiment.objective.ties.as_slice()), (None, [].as_slice()));
    assert_eq!(experiment.attributes(), [""; 0]);
    assert_eq!(experiment.check().expect("it is valid").plan().regression, None);
}

#[test]
fn a_detector_plan_keeps_its_names() {
    let plan: DetectorPlan = read_and_written_alike(
        r#"{
            "columns": [
                { "name": "amount", "kind": "numeric", "used": true },
                { "name": "sent", "kind": "date_time", "used": false }
            ],
            "label": { "column": "fraud", "odd_values": ["yes", "maybe"] },
            "method": "isolation_forest",
            "rows": "robust",
            "scaling": "quantile",
            "expected_odd_share": 0.02,
            "false_alarm_rate": 0.05,
            "held_out_share": 0.25,
            "seed": 7
        }"#,
    );
    assert_eq!(plan.columns[1].kind, ColumnKind::DateTime);
    assert_eq!(plan.label.expect("it has a label").anomalous_values, ["yes", "maybe"]);
    assert_eq!(
        (plan.method, plan.rows, plan.scaling),
        (Method::IsolationForest, RowChoice::Unsupervised, NumberScaling::Quantile)
    );
    assert!((plan.contamination - 0.02).abs() < 1e-12);
}

#[test]
fn threshold_rules_keep_their_names() {
    assert_eq!(read_and_written_alike::<ThresholdRule>(r#"{ "odd_share": 0.05 }"#), ThresholdRule::Contamination(0.05));
    let false_alarms = read_and_written_alike::<ThresholdRule>(r#"{ "false_alarms": 0.01 }"#);
    assert_eq!(false_alarms, ThresholdRule::FalseAlarms(0.01));
    assert_eq!(read_and_written_alike::<ThresholdRule>(r#""best_f1""#), ThresholdRule::BestF1);
    assert_eq!(read_and_written_alike::<ThresholdRule>(r#"{ "capacity": 50 }"#), ThresholdRule::Capacity(50));
    let costs = read_and_written_alike::<ThresholdRule>(r#"{ "cost": { "missed": 10.0, "false_alarm": 0.5 } }"#);
    assert_eq!(costs, ThresholdRule::Cost(ErrorCosts { missed: 10.0, false_alarm: 0.5 }));
}

#[test]
fn measurements_keep_their_names() {
    let denoising: Measurement =
        read_and_written_alike(r#"{ "measure": "restoration", "value": 17.25, "reference": 9.5, "samples": 200 }"#);
    assert_eq!(denoising.measure, Measure::Denoising);
    assert_eq!(read_and_written_alike::<Measure>(r#""prior_discrepancy""#), Measure::PriorMmd);
}

#[test]
fn a_dialect_keeps_the_names_of_encodings() {
    for (name, encoding) in [
        ("utf-8", TextEncoding::Utf8),
        ("utf-16le", TextEncoding::Utf16Le),
        ("utf-16be", TextEncoding::Utf16Be),
        ("windows-1252", TextEncoding::Windows1252),
        ("shift_jis", TextEncoding::ShiftJis),
        ("koi8-r", TextEncoding::Koi8R),
    ] {
        assert_eq!(read_and_written_alike::<TextEncoding>(&format!("\"{name}\"")), encoding);
    }
    assert_eq!(serde_json::from_str::<TextEncoding>("\"gbk\"").ok(), Some(TextEncoding::Gb18030));
    assert!(serde_json::from_str::<Dialect>(r#"{ "encoding": "windows-1252" }"#).is_ok());
}
