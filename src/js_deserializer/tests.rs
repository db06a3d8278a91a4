//! Round trips of each kind of message that the worker sends.

use pinhole_protocol::{
    Bytes, ChangedPicture, ChangedPictures, CodeOrigin, DataSummary, DenoisedPicture, DeviceInfo, DeviceKind,
    EpochRecord, Event, Floats, GeneratedPictures, GridShape, Inspection, LatentCode, LayerInspection, Measure,
    Measurement, ModelSummary, Part, Picture, PictureChange, Progress, Quality, ReferencePicture, SampleGrid, Term,
    TermLosses, TrainingEnd, TrainingPhase, TriedRate, ValueHistogram, WeightPictures, presets,
    table::{
        ColumnDrift, ColumnErrors, ColumnFormat, ColumnKind, ColumnSummary, Confusion, Contribution, CurvePoint,
        DecimalMark, DetectorSummary, Dialect, DriftReport, ErrorCosts, FileFormat, FillErrors, FillReport,
        FilledColumn, Filler, FineTuneEffect, Histogram, Interval, LabelGuess, LabelPlan, LabelValue, LinearVerdict,
        Measures, Method, MethodResult, NumberStyle, Repeats, RowDetails, ScoreSummary, ScoredFile, ScoredRow,
        ShiftSize, TableActivity, TableEvent, TableOrigin, TablePreview, TableProgress, TableSummary, TableWarning,
        ThresholdReport, ThresholdRule, TimeNotation, TopColumn, UnmatchedColumns,
    },
    wire::{self, WorkerMessage},
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;

wasm_bindgen_test_configure!(run_in_browser);

fn assert_table_survives(event: TableEvent) {
    assert_survives(Event::Table(event));
}

fn assert_survives(event: Event) {
    let message = WorkerMessage::Event(Box::new(event));
    let (value, _) = wire::encode(&message).expect("what the worker sends can be written");
    assert_eq!(decode(value), Ok(message));
}

#[wasm_bindgen_test]
fn messages_of_the_worker_are_read() {
    for preset in presets() {
        let mut experiment = preset.experiment;
        experiment.seed = u64::MAX;
        experiment.data.limit = None;
        experiment.schedule.gradient_clip_norm = Some(0.5);
        let history = vec![EpochRecord { epoch: 3, train_loss: 0.25, validation_loss: None }];
        assert_survives(Event::ModelReady(Box::new(ModelSummary { name: "m".into(), experiment, history })));
    }
    let quality = Quality { mse: 0.0, psnr_db: f64::INFINITY, ssim: 1.0 };
    let comparison = DenoisedPicture {
        shape: COLOUR,
        noisy: Floats(vec![0.5, 1.0]),
        code: LatentCode {
            shape: COLOUR,
            values: Floats(vec![-0.5, 2.0]),
            deviations: Floats(Vec::new()),
            indices: vec![7, 0],
        },
        denoised: Floats(vec![0.25]),
        noisy_quality: quality,
        denoised_quality: quality,
        hidden_mse: Some(0.125),
        class_probabilities: Floats(vec![0.75, 0.25]),
        reference: Some(ReferencePicture { denoised: Floats(vec![0.75]), quality }),
    };
    let pictures = GeneratedPictures {
        origin: CodeOrigin::Prior,
        shape: COLOUR,
        count: 1,
        columns: 12,
        codes: Floats(vec![-0.5, 2.0]),
        pixels: Bytes(vec![1, 2, 3, 4, 5, 6]),
    };
    assert_survives(Event::Generated { request: 3, pictures });
    let clean = Picture { shape: COLOUR, values: Floats(vec![0.0, 1.0, 0.5, 0.25, 0.125, 1.0]) };
    assert_survives(Event::Denoised { request: 7, clean: clean.clone(), comparison: Some(comparison) });
    assert_survives(Event::Decoded { request: 9, picture: clean.clone() });
    assert_survives(Event::Denoised { request: 8, clean, comparison: None });
    let kind = DeviceKind::WebGpu;
    assert_survives(Event::Ready(DeviceInfo { kind, name: "gpu".into(), fallback_reason: Some("none".into()) }));
    assert_survives(Event::TrainingStarted { train_images: 9000, validation_images: 1000 });
    assert_survives(Event::TrainingEnded(TrainingEnd::Diverged("try less".into())));
    assert_survives(Event::TrainingEnded(TrainingEnd::Finished));
    assert_survives(Event::Checkpoint(Bytes(vec![1, 2, 3])));
    assert_survives(Event::BenchStarted);
}

const COLOUR: GridShape = GridShape { channels: 3, height: 1, width: 2 };

#[wasm_bindgen_test]
fn events_of_a_run_are_read() {
    let of_term = |term| TermLosses { term, values: vec![0.5, f32::INFINITY] };
    assert_survives(Event::Progress(Progress {
        phase: TrainingPhase::Running,
        epoch: 1,
        epochs: 5,
        step: 3,
        steps: 100,
        recent_losses: vec![0.25, 0.125],
        images_per_s: 9_000.5,
        remaining_s: f32::INFINITY,
        learning_rate: 1e-3,
        recent_terms: [Term::Reconstruction, Term::Discriminator, Term::L1].map(of_term).into(),
        gradient_norm: 0.75,
    }));
    assert_survives(Event::Samples(SampleGrid {
        shape: COLOUR,
        count: 1,
        originals: Bytes(vec![0; 6]),
        noisy: Bytes(vec![1; 6]),
        rebuilt: Bytes(vec![255; 6]),
    }));
    assert_survives(Event::DataOpened(DataSummary {
        name: named("birds"),
        images: 12,
        shape: COLOUR,
        classes: 4,
        warnings: vec!["one is cut".into()],
        preview: Bytes(Vec::new()),
        changed: ChangedPictures {
            total: 3,
            as_is: 1,
            first: vec![ChangedPicture {
                file: 2,
                name: named("robin"),
                changes: PictureChange::ALL.into(),
                as_is: true,
            }],
        },
    }));
    assert_survives(Event::Warning("The code has collapsed.".into()));
    assert_survives(Event::LearningRateTried(vec![TriedRate { learning_rate: 1e-6, loss: 0.7 }]));
    for suggestion in [None, Some(0.003)] {
        assert_survives(Event::LearningRateFound { suggestion });
    }
}

#[wasm_bindgen_test]
fn inspections_and_measurements_are_read() {
    let histogram = ValueHistogram { low: -1.0, high: 2.5, counts: vec![0, 7, u32::MAX] };
    let layer = |part, gradient_norm| LayerInspection {
        part,
        layer: 2,
        activations: histogram.clone(),
        units: 64,
        dead_units: 3,
        gradient_norm,
        weight_norm: 9.5,
    };
    let parts = [Part::Encoder, Part::Bottleneck, Part::Decoder, Part::Head, Part::Regression, Part::Discriminator];
    let layers = parts.map(|part| layer(part, Some(1e-4))).into_iter().chain([layer(Part::Encoder, None)]).collect();
    assert_survives(Event::Inspected(Box::new(Inspection {
        samples: 64,
        first_weights: WeightPictures { count: 2, height: 1, width: 2, pixels: Bytes(vec![0, 128, 255, 3]) },
        layers,
        code: histogram.clone(),
        code_use: vec![0.0, 0.5],
    })));
    let measured = |measure, reference| Measurement { measure, value: 0.0081, reference, samples: 1_000 };
    assert_survives(Event::Measured(vec![
        measured(Measure::ReconstructionError, Some(0.0675)),
        measured(Measure::CodebookPerplexity, None),
    ]));
}

/// A name with letters of all widths.
fn named(name: &str) -> String {
    format!("{name} é€😀")
}

#[wasm_bindgen_test]
fn events_of_tables_are_read() {
    let format = ColumnFormat {
        column: 3,
        number: Some(NumberStyle { decimal: DecimalMark::Comma, thousands: Some(" ".into()) }),
        day_first: Some(true),
        time: Some(TimeNotation::EpochMilliseconds),
        unit: Some("°C".into()),
        missing_markers: vec!["-999".into()],
        bare_is_missing: true,
    };
    let dialect = Dialect {
        thousands: Some(".".into()),
        missing_markers: vec!["-200".into()],
        end: Some(1 << 40),
        comment: Some("#".into()),
        columns: vec![format],
        ..Dialect::default()
    };
    let column = ColumnSummary {
        name: named("flow"),
        kind: ColumnKind::DateTime,
        exclusion_reason: Some("all different".into()),
        unit: Some("m³/h".into()),
        missing: 1 << 60,
        distinct: 3,
        is_distinct_estimated: true,
        min: Some(-0.5),
        mean: None,
        max: Some(f64::INFINITY),
        examples: vec!["1".into(), String::new()],
        values: vec![LabelValue { value: "1".into(), rows: 2 }],
        histogram: vec![0, 7],
    };
    let warning = TableWarning { row: Some(7), message: "cut".into() };
    assert_table_survives(TableEvent::Opened(Box::new(TablePreview {
        name: named("a.csv"),
        size_bytes: u64::MAX,
        is_gzip: true,
        origin: Some(TableOrigin {
            format: FileFormat::Workbook,
            parts: vec!["Sheet1".into(), "Sheet2".into()],
            part: 1,
            remarks: vec!["told".into()],
            scored_extension: Some("xlsx".into()),
        }),
        dialect: dialect.clone(),
        columns: vec![column.clone()],
        rows: vec![vec!["1".into()], Vec::new()],
        warnings: vec![warning.clone(), TableWarning { row: None, message: "all of it".into() }],
    })));
    let values = vec![LabelValue { value: "fault".into(), rows: 3 }];
    assert_table_survives(TableEvent::Scanned(Box::new(TableSummary {
        dialect,
        rows: 5_000_000,
        columns: vec![column, ColumnSummary::default()],
        label: Some(LabelGuess { column: 0, anomalous_values: vec!["fault".into()], values }),
        entity: Some(1),
        fillers: vec![Filler { value: -999.0, columns: vec![0, 1], cells: 7, first_row: 3 }],
        warnings: vec![warning],
        more_warnings: 9,
    })));
    assert_table_survives(TableEvent::Progress(TableProgress {
        activity: TableActivity::FineTuning,
        share: 0.25,
        count: 1 << 40,
        per_s: 1e6,
        remaining_s: f64::INFINITY,
        losses: vec![0.5, f32::INFINITY],
    }));
    assert_table_survives(TableEvent::Cancelled);
    assert_table_survives(TableEvent::LabelChecked {
        label: LabelPlan { column: named("state"), anomalous_values: vec!["fault".into()] },
        warnings: vec!["one class only".into()],
    });
    assert_table_survives(TableEvent::UnmatchedColumns(UnmatchedColumns {
        name: named("june.csv"),
        missing: vec!["flow".into()],
        unused: vec!["Flow rate".into(), "größe".into()],
    }));
}

fn threshold() -> ThresholdReport {
    ThresholdReport {
        rule: ThresholdRule::BestF1,
        value: f64::INFINITY,
        quantile: 1.0,
        flagged: 12,
        confusion: Some(Confusion { true_positives: 1, ..Confusion::default() }),
        precision: None,
        recall: Some(0.5),
        f1: None,
        precision_interval: None,
        recall_interval: Some(Interval { low: 0.25, high: 0.75 }),
        alerts: "About 12 of 44 rows.".into(),
    }
}

#[wasm_bindgen_test]
fn events_of_scores_are_read() {
    let histogram = Histogram { low: -1.0, high: 2.5, is_log: true, normal: vec![3, 0], anomalous: vec![0, u32::MAX] };
    let columns =
        vec![ColumnErrors { name: named("flow"), share: 0.5, share_of_flagged: 1.0, histogram: histogram.clone() }];
    let rules = [
        ThresholdRule::Score(1.5),
        ThresholdRule::Quantile(0.95),
        ThresholdRule::Contamination(0.05),
        ThresholdRule::FalseAlarms(0.01),
        ThresholdRule::BestF1,
        ThresholdRule::Capacity(1 << 40),
        ThresholdRule::Cost(ErrorCosts { missed: 10.0, false_alarm: 0.5 }),
    ];
    let report = threshold();
    for rule in rules {
        let report = ThresholdReport { rule, ..report.clone() };
        assert_table_survives(TableEvent::Threshold { report, columns: columns.clone() });
    }
    let curve = vec![CurvePoint { x: 0.0, y: 0.0 }, CurvePoint { x: 1.0, y: 1.0 }];
    let measures = Measures {
        auroc: 0.97,
        auroc_interval: Interval { low: 0.9, high: 1.0 },
        average_precision: 0.8,
        average_precision_interval: Interval { low: 0.5, high: 0.9 },
        anomalous_rows: 4,
        normal_rows: 12,
        table_normal_rows: 40,
        roc: curve.clone(),
        precision_recall: curve,
    };
    let drift = |name: &str| ColumnDrift {
        name: named(name),
        population_stability_index: 0.3,
        kolmogorov_smirnov: 0.2,
        missing_before: 0.0,
        missing_now: 1.0,
        unknown: 5,
        values_shift: ShiftSize::Large,
        missing_shift: ShiftSize::Some,
        unknown_shift: ShiftSize::Stable,
    };
    for measures in [None, Some(measures)] {
        assert_table_survives(TableEvent::Scored(Box::new(ScoredFile {
            name: named("june.csv"),
            has_own_format: true,
            columns: vec!["flow".into()],
            summary: ScoreSummary {
                rows: 44,
                histogram: histogram.clone(),
                counted_rows: measures.is_some().then(|| "all of them".into()),
                measures_missing: measures.is_none().then(|| "one class only".into()),
                measures,
                columns: columns.clone(),
                warnings: vec!["constant".into()],
            },
            threshold: report.clone(),
            column_notes: vec!["mode is missing".into()],
            drift: Some(DriftReport { scores: drift("score"), columns: vec![drift("flow")] }),
        })));
    }
}

#[wasm_bindgen_test]
fn events_of_rows_are_read() {
    let row = ScoredRow {
        row: 1 << 33,
        score: 0.125,
        percentile: 99.5,
        is_flagged: true,
        is_anomalous: Some(false),
        top_columns: vec![TopColumn { column: "flow".into(), share: 0.75 }],
        cells: vec![named("1,5"), String::new()],
    };
    let unlabelled = ScoredRow { is_anomalous: None, ..row.clone() };
    assert_table_survives(TableEvent::Rows { request: u32::MAX, total: 44, rows: vec![row.clone(), unlabelled] });
    let blame = Contribution {
        column: "flow".into(),
        actual: "1".into(),
        expected: "2.5".into(),
        signed_error: -3.5,
        share: 1.0,
        nearest: vec!["2".into(), String::new()],
    };
    assert_table_survives(TableEvent::Details(Box::new(RowDetails {
        row,
        contributions: vec![blame],
        nearest_rows: vec![3, 9],
        notes: vec!["unknown".into()],
    })));
}

#[wasm_bindgen_test]
fn events_of_detectors_are_read() {
    for method in Method::ALL {
        assert_table_survives(TableEvent::DetectorReady(Box::new(DetectorSummary {
            name: named("pumps.csv"),
            method,
            columns: vec!["flow".into()],
            features: 12,
            trained_rows: 5_000,
            description: "12-8-12".into(),
            elapsed_s: 1.5,
            replay_rows: 2_000,
            warnings: vec!["few rows".into()],
        })));
    }
    let pca = MethodResult {
        name: "PCA".into(),
        repeats: 3,
        auroc: Repeats::of(&[0.9, 0.8]),
        average_precision: None,
        rank_correlation: -0.1,
        top_overlap: 0.6,
        elapsed_s: 0.2,
    };
    let verdict = LinearVerdict { is_enough: true, sentence: "A linear method is enough here.".into() };
    assert_table_survives(TableEvent::Compared { methods: vec![pca], verdict });
    let column = FilledColumn {
        name: "flow".into(),
        filled: 3,
        left: 0,
        is_categorical: false,
        hidden: 20,
        errors: Some(FillErrors { predicted: 0.5, constant: 1.0, neighbours: 0.7 }),
    };
    assert_table_survives(TableEvent::Filled(FillReport { columns: vec![column], measured_rows: 200 }));
    assert_table_survives(TableEvent::DetectorSaved(Bytes(vec![0, 255])));
    assert_table_survives(TableEvent::FineTuned(FineTuneEffect {
        epochs: 3,
        replay_rows: 9,
        old_before: 1.0,
        old_after: 1.1,
        new_before: 4.0,
        new_after: 1.2,
        flagged_before: 0.4,
        flagged_after: 0.06,
    }));
    assert_table_survives(TableEvent::ExportPart(Bytes(Vec::new())));
    assert_table_survives(TableEvent::Exported { name: named("a.csv"), media_type: "text/csv".into() });
}

#[wasm_bindgen_test]
fn other_values_are_refused() {
    let refused = [JsValue::UNDEFINED, JsValue::from(3), "gibberish".into(), Object::new().into(), Array::new().into()];
    for value in refused {
        assert_eq!(decode::<WorkerMessage>(value), Err(DeserializeError));
    }
}
