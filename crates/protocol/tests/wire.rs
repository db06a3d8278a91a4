//! Tests that messages survive the conversion to JavaScript values. Runs in a browser: `cargo xtask test wasm`.
#![cfg(all(target_family = "wasm", feature = "wasm"))]

use js_sys::Uint8Array;
use pinhole_protocol::{
    Bytes, CodeOrigin, Command, Corruption, DenoiseSource, DenoisedPicture, DeviceInfo, DeviceKind, DevicePreference,
    EpochRecord, Event, Experiment, Floats, GeneratedPictures, GridShape, LatentCode, LogLevel, NamedFile, Noise,
    PROTOCOL_VERSION, Picture, Progress, Quality, ReferencePicture, Term, TermLosses, TrainingEnd, TrainingPhase,
    TrainingStart,
    wire::{self, WorkerMessage},
};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn commands_are_decoded_as_encoded() {
    // More than a JavaScript number holds.
    let experiment = Experiment { seed: u64::MAX - 1, ..Experiment::default() };
    for command in [
        Command::Start { protocol_version: PROTOCOL_VERSION, device: DevicePreference::WebGpu, log: LogLevel::Trace },
        Command::Pause,
        Command::Train { experiment: Box::new(experiment), start: TrainingStart::Continue },
        Command::OpenModel { file: NamedFile { name: "é.safetensors".into(), bytes: Bytes(vec![0, 255, 7]) } },
        Command::Denoise {
            request: u32::MAX,
            source: DenoiseSource::Picture(picture()),
            corruption: Corruption::new(Noise::SaltAndPepper, 0.3),
            noise_seed: u64::MAX,
        },
        Command::Denoise {
            request: 0,
            source: DenoiseSource::Drawing { pixels: Bytes(vec![0, 255, 7]), width: 3, height: 1 },
            corruption: Corruption::default(),
            noise_seed: 1,
        },
    ] {
        let (value, _) = wire::encode(&command).expect("commands are plain data");
        assert_eq!(wire::decode::<Command>(value), Ok(command));
    }
}

fn picture() -> Picture {
    Picture { shape: GridShape::MNIST, values: Floats(vec![0.1, -2.5, f32::MIN_POSITIVE]) }
}

#[wasm_bindgen_test]
fn worker_messages_are_decoded_as_encoded() {
    let perfect = Quality { mse: 0.0, psnr_db: f64::INFINITY, ssim: 1.0 };
    let comparison = DenoisedPicture {
        shape: GridShape::MNIST,
        noisy: Floats(vec![0.5; 784]),
        code: LatentCode {
            shape: GridShape { channels: 2, height: 1, width: 1 },
            values: Floats(vec![-1.5, 0.25]),
            deviations: Floats(Vec::new()),
            indices: vec![3, 0],
        },
        denoised: Floats(Vec::new()),
        noisy_quality: perfect,
        denoised_quality: perfect,
        hidden_mse: Some(0.125),
        class_probabilities: Floats(vec![0.75, 0.25]),
        reference: Some(Box::new(ReferencePicture {
            denoised: Floats(vec![0.25; 4]),
            quality: perfect,
            hidden_mse: Some(0.5),
        })),
    };
    let pictures = GeneratedPictures {
        origin: CodeOrigin::Plane,
        shape: GridShape::MNIST,
        count: 1,
        columns: 15,
        codes: Floats(vec![-1.5, 0.25]),
        pixels: Bytes(vec![7; 784]),
    };
    let progress = Progress {
        phase: TrainingPhase::Running,
        epoch: 1,
        epochs: 5,
        step: 3,
        steps: 100,
        recent_losses: vec![0.25, 0.125],
        images_per_s: 9_000.5,
        remaining_s: 1.5,
        learning_rate: 1e-3,
        recent_terms: vec![TermLosses { term: Term::Divergence, values: vec![0.1, 0.05] }],
        gradient_norm: 0.75,
    };
    let events = [
        Event::Ready(DeviceInfo { kind: DeviceKind::Cpu, name: "CPU".into(), fallback_reason: None }),
        Event::Progress(progress),
        Event::EpochDone(EpochRecord { epoch: 2, train_loss: 0.1, validation_loss: None }),
        Event::TrainingEnded(TrainingEnd::Diverged("lower it".into())),
        Event::Denoised { request: 1, clean: picture(), comparison: Some(comparison) },
        Event::Decoded { request: 3, picture: picture() },
        Event::Generated { request: 4, pictures },
        Event::Denoised { request: 2, clean: picture(), comparison: None },
    ];
    let messages = events.map(|event| WorkerMessage::Event(Box::new(event)));
    for message in messages.into_iter().chain([WorkerMessage::Listening, WorkerMessage::Panicked("boom".into())]) {
        let (value, _) = wire::encode(&message).expect("messages are plain data");
        assert_eq!(wire::decode::<WorkerMessage>(value), Ok(message));
    }
}

#[wasm_bindgen_test]
fn every_buffer_is_listed_for_transfer() {
    let files = ["a", "b"].map(|name| NamedFile { name: name.into(), bytes: Bytes(vec![1; 10]) });
    let (_, buffers) =
        wire::encode(&Command::OpenImages { files: files.into(), as_is: Vec::new() }).expect("commands are plain data");
    assert_eq!(buffers.length(), 2);
    let (_, buffers) = wire::encode(&Command::Stop).expect("commands are plain data");
    assert_eq!(buffers.length(), 0);
}

#[wasm_bindgen_test]
fn a_value_that_is_no_message_is_an_error() {
    let bytes = Uint8Array::from(&[1, 2, 3][..]);
    for value in [JsValue::NULL, JsValue::from("no command"), JsValue::from(3), bytes.into()] {
        let error = wire::decode::<Command>(value).expect_err("it is no command");
        assert!(error.to_string().contains("reload the page"), "{error}");
    }
}
