//! Model files: equal outputs after a round trip, old files open, and everything else is refused with a sentence.

use std::collections::HashMap;

use crate::common::{bars, checked, cpu, experiment, file, reconstruct, train};
use pinhole_engine::{
    Model,
    model_file::{ModelFileError, read},
};
use pinhole_numerics::tensor_file::TensorFileError;
use pinhole_protocol::{
    Activation, BottleneckSpec, DataSpec, Experiment, GridShape, ImageSource, NetworkSpec, Optimiser, Schedule,
};
use proptest::prelude::*;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

fn trained(network: NetworkSpec) -> Model {
    let schedule = Schedule { epochs: 2, ..experiment().schedule };
    train(Experiment { network, schedule, ..experiment() }, &bars(24)).1
}

fn small() -> Vec<u8> {
    file(&trained(experiment().network))
}

/// The header's JSON and the weights.
fn parts(bytes: &[u8]) -> (String, &[u8]) {
    let (length, rest) = bytes.split_first_chunk::<8>().expect("a file has a length");
    let (header, weights) = rest.split_at(u64::from_le_bytes(*length) as usize);
    (String::from_utf8(header.to_vec()).expect("a header is text"), weights)
}

fn join(header: &str, weights: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), weights].concat()
}

/// The file with `from` replaced by `to` in its header.
fn edited(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let (header, weights) = parts(bytes);
    assert!(header.contains(from), "{from} is in {header}");
    join(&header.replace(from, to), weights)
}

fn refusal(bytes: &[u8]) -> ModelFileError {
    let error = read(bytes).expect_err("the file is bad");
    let text = error.to_string();
    assert!(text.ends_with('.') && text.len() > 30, "a sentence: {text}");
    error
}

#[test]
fn an_opened_file_gives_bitwise_equal_outputs() {
    let conv = NetworkSpec { encoder: NetworkSpec::conv_blocks(&[3, 4]), ..NetworkSpec::default() };
    let direct = NetworkSpec { bottleneck: BottleneckSpec::Direct, ..conv.clone() };
    for network in [experiment().network, conv, direct] {
        let model = trained(network);
        let bytes = file(&model);
        let opened = Model::from_file("opened.safetensors", &bytes, &cpu()).expect("the file is whole");
        let pictures: Vec<f32> = (0..2 * 784).map(|index| (index % 17) as f32 / 16.0).collect();
        assert_eq!(reconstruct(&model, &pictures), reconstruct(&opened, &pictures));
        assert_eq!(opened.experiment(), model.experiment());
        assert_eq!(opened.history(), model.history());
        assert_eq!(file(&opened), bytes, "writing it again changes nothing");
    }
}

/// Header that Pinhole 0.1.0 wrote for the same network.
const FORMAT_1: &str = r#"{"format_version":1,"app_version":"0.1.0","experiment":{"data":{"source":"opened","limit":null},"network":{"input":{"channels":1,"height":28,"width":28},"encoder":{"dense":{"widths":[16]}},"bottleneck":{"dense":{"size":8,"activation":"linear"}},"decoder":"mirror","activation":"relu","output_activation":"sigmoid","dropout":0.0},"objective":{"loss":"mse","corruption":{"noise":"none","level":0.0,"varied":false}},"schedule":{"epochs":2,"batch_size":16,"learning_rate":0.01,"learning_rate_schedule":"constant","warm_up_share":0.0,"weight_decay":0.001,"gradient_clip_norm":null,"validation_share":0.1,"early_stopping":null},"seed":1},"history":[{"epoch":1,"train_loss":0.2,"validation_loss":0.1},{"epoch":2,"train_loss":0.1,"validation_loss":null}],"preparation":{"paper":0.0,"ink":1.0,"placement":"28x28 grey; a drawing is scaled into a 20x20 box and its centre of mass put in the middle"}}"#;

#[test]
fn a_file_of_format_1_opens() {
    let model = trained(experiment().network);
    let bytes = file(&model);
    let (header, weights) = parts(&bytes);
    let mut header: serde_json::Value = serde_json::from_str(&header).expect("a header is JSON");
    header["__metadata__"]["pinhole"] = FORMAT_1.into();
    let old = join(&header.to_string(), weights);
    let opened = Model::from_file("old.safetensors", &old, &cpu()).expect("old files keep opening");
    let pictures: Vec<f32> = (0..784).map(|index| (index % 17) as f32 / 16.0).collect();
    assert_eq!(reconstruct(&model, &pictures), reconstruct(&opened, &pictures));
    assert_eq!(opened.experiment().spec().network, experiment().network);
    assert_eq!(opened.experiment().spec().schedule.optimiser, Optimiser::AdamW);
    assert_eq!(opened.history().len(), 2);
}

/// Files that earlier versions saved: models, and checkpoints of runs.
const OLD_MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/before_renames/models");

#[test]
fn files_saved_before_the_renames_open() {
    let entries = std::fs::read_dir(OLD_MODELS).expect("the fixtures are part of the repository");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|kind| kind == "safetensors")).collect();
    assert!(!paths.is_empty(), "there is no fixture in {OLD_MODELS}");
    for path in paths {
        let name = path.display().to_string();
        let bytes = std::fs::read(&path).expect("a fixture can be read");
        let model = Model::from_file(&name, &bytes, &cpu()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let sample = vec![0.5; model.experiment().plan().input.len()];
        assert!(reconstruct(&model, &sample).iter().all(|value| value.is_finite()), "{name}");
        // Written again, a checkpoint with the state of its run, it has the same content.
        let saved = pollster::block_on(model.to_checkpoint()).expect("the CPU does not fail");
        let (old, new) = (read(&bytes).expect("it has just been opened"), read(&saved).expect("a good file"));
        assert_eq!(old, new, "{name}");
    }
}

#[test]
fn a_model_of_any_shape_is_kept() {
    let picture = GridShape { channels: 3, height: 20, width: 16 };
    let row = GridShape { channels: 7, height: 1, width: 1 };
    for (source, input) in [(ImageSource::Opened, picture), (ImageSource::TableRows, row)] {
        let data = DataSpec { source, limit: None };
        let network = NetworkSpec { input, output_activation: Activation::Linear, ..experiment().network };
        let model = Model::untrained("any".into(), checked(Experiment { data, network, ..experiment() }), &cpu());
        let opened = Model::from_file("any.safetensors", &file(&model), &cpu()).expect("the file is whole");
        let sample = vec![0.3; input.len()];
        assert_eq!(reconstruct(&model, &sample), reconstruct(&opened, &sample));
    }
}

#[test]
fn names_and_layouts_are_pytorchs() {
    let bytes = small();
    let tensors = SafeTensors::deserialize(&bytes).expect("it is a safetensors file");
    let mut shapes: Vec<_> = tensors.iter().map(|(name, view)| (name.to_owned(), view.shape().to_vec())).collect();
    shapes.sort();
    let expected = [
        ("bottleneck.0.bias", vec![8]),
        ("bottleneck.0.weight", vec![8, 16]),
        ("decoder.0.bias", vec![16]),
        ("decoder.0.weight", vec![16, 8]),
        ("decoder.1.bias", vec![784]),
        ("decoder.1.weight", vec![784, 16]),
        ("encoder.0.bias", vec![16]),
        ("encoder.0.weight", vec![16, 784]),
    ];
    assert_eq!(shapes, expected.map(|(name, shape)| (name.to_owned(), shape)));
}

#[test]
fn other_files_are_refused() {
    assert!(matches!(refusal(b""), ModelFileError::Tensors(TensorFileError::CutShort(_))));
    assert!(matches!(
        refusal(b"\x89PNG\r\n\x1a\n and so on"),
        ModelFileError::Tensors(TensorFileError::HeaderTooLarge { .. })
    ));
    assert!(matches!(refusal(&join("not json at all!", b"")), ModelFileError::Tensors(TensorFileError::Unreadable(_))));
    assert!(matches!(
        refusal(&u64::MAX.to_le_bytes()),
        ModelFileError::Tensors(TensorFileError::HeaderTooLarge { .. })
    ));
}

#[test]
fn a_file_of_another_program_is_called_foreign() {
    let weight = [0_u8; 16];
    let view = TensorView::new(Dtype::F32, vec![4], &weight).expect("four floats");
    for metadata in [None, Some(HashMap::from([("format".to_owned(), "pt".to_owned())]))] {
        let foreign = safetensors::serialize([("encoder.0.weight", &view)], metadata).expect("valid");
        assert_eq!(refusal(&foreign), ModelFileError::Foreign);
    }
}

#[test]
fn a_truncated_file_is_refused_at_every_length() {
    let bytes = small();
    for length in [0, 5, 8, 200, bytes.len() / 2, bytes.len() - 1] {
        assert!(
            matches!(refusal(&bytes[..length]), ModelFileError::Tensors(TensorFileError::CutShort(_))),
            "{length} bytes"
        );
    }
    let longer = [&bytes[..], b"more"].concat();
    assert!(matches!(refusal(&longer), ModelFileError::Tensors(TensorFileError::CutShort(_))));
}

#[test]
fn a_file_of_a_newer_version_is_refused_as_such() {
    let newer = edited(&small(), r#"\"format_version\":2"#, r#"\"format_version\":3"#);
    let ModelFileError::TooNew { format_version, app_version } = refusal(&newer) else { panic!("it is newer") };
    assert_eq!((format_version, app_version.as_str()), (3, pinhole_protocol::APP_VERSION));
}

#[test]
fn an_experiment_that_does_not_fit_the_weights_is_refused() {
    let bytes = small();
    let wider = edited(&bytes, r#"\"size\":8"#, r#"\"size\":9"#);
    let text = refusal(&wider).to_string();
    assert!(text.contains("bottleneck.0.weight") && text.contains("[8, 16]") && text.contains("[9, 16]"), "{text}");
    let block = r#"{\"dense\":{\"width\":16}}"#;
    let deeper = edited(&bytes, block, &format!("{block},{block}"));
    assert!(matches!(refusal(&deeper), ModelFileError::Tensors(TensorFileError::Tensor { .. })));
    let huge = edited(&bytes, r#"\"width\":16"#, r#"\"width\":99999999999"#);
    assert!(matches!(refusal(&huge), ModelFileError::Experiment(_)));
    let nonsense = edited(&bytes, r#"\"width\":16"#, r#"\"width\":\"wide\""#);
    assert!(matches!(refusal(&nonsense), ModelFileError::Experiment(_)));
    let other_size = edited(&bytes, r#"\"height\":28"#, r#"\"height\":14"#);
    assert!(refusal(&other_size).to_string().contains("[16, 392]"));
}

#[test]
fn non_finite_weights_are_refused() {
    let bytes = small();
    for bad in [f32::NAN, f32::INFINITY] {
        let mut damaged = bytes.clone();
        let last = damaged.len() - 4;
        damaged[last..].copy_from_slice(&bad.to_le_bytes());
        assert!(refusal(&damaged).to_string().contains("no numbers"));
    }
    let (header, weights) = parts(&bytes);
    let wrong_type = join(&header.replacen("F32", "I32", 1), weights);
    assert!(refusal(&wrong_type).to_string().contains("32-bit floats"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(read(&bytes).is_err());
    }

    #[test]
    fn an_arbitrary_header_never_panics(header in "[ -~]{0,300}", weights in proptest::collection::vec(any::<u8>(), 0..64)) {
        prop_assert!(read(&join(&header, &weights)).is_err());
    }

    #[test]
    fn flipped_bytes_never_panic(flips in proptest::collection::vec((0.0..1.0_f64, any::<u8>()), 1..8)) {
        static FILE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let mut bytes = FILE.get_or_init(small).clone();
        let header = 8 + parts(&bytes).0.len();
        for (place, value) in flips {
            // Mostly in the header, as flipped weights are only other numbers.
            let index = (place * header as f64) as usize;
            bytes[index] ^= value;
        }
        let _ = read(&bytes);
    }
}
