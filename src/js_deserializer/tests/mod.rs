//! Round trips of each kind of message that the worker sends; those of the Tables lab are in a module of their own.

mod tables;

use pinhole_protocol::{
    Bytes, ChangedPicture, ChangedPictures, CodeOrigin, DataSummary, DenoisedPicture, DeviceInfo, DeviceKind,
    EpochRecord, Event, Floats, GeneratedPictures, GridShape, Inspection, LatentCode, LayerInspection, Measure,
    Measurement, ModelSummary, Part, Picture, PictureChange, Progress, Quality, ReferencePicture, SampleGrid, Term,
    TermLosses, TrainingEnd, TrainingPhase, TriedRate, ValueHistogram, WeightPictures, presets,
    wire::{self, WorkerMessage},
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;

wasm_bindgen_test_configure!(run_in_browser);

fn assert_survives(event: Event) {
    let message = WorkerMessage::Event(Box::new(event));
    let (value, _) = wire::encode(&message).expect("what the worker sends can be written");
    assert_eq!(decode(value), Ok(message));
}

/// A name with letters of all widths.
fn named(name: &str) -> String {
    format!("{name} é€😀")
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
        reference: Some(Box::new(ReferencePicture { denoised: Floats(vec![0.75]), quality, hidden_mse: Some(0.5) })),
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

#[wasm_bindgen_test]
fn other_values_are_refused() {
    let refused = [JsValue::UNDEFINED, JsValue::from(3), "gibberish".into(), Object::new().into(), Array::new().into()];
    for value in refused {
        assert_eq!(decode::<WorkerMessage>(value), Err(DeserializeError));
    }
}
