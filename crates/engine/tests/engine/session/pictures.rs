//! The reference model, and pictures decoded from codes that belong to no input.

use pinhole_engine::{Compute, Model};
use pinhole_protocol::{
    BottleneckSpec, Bytes, CodeOrigin, Command, Corruption, DevicePreference, Event, Experiment, FailureKind, Floats,
    GridShape, HeadSpec, NamedFile, NetworkSpec, Noise, Picture,
};

use super::{denoise, failures, play, start};

/// File of an untrained model with that bottleneck.
fn model_file(bottleneck: BottleneckSpec, seed: u64) -> NamedFile {
    let network = NetworkSpec { bottleneck, ..NetworkSpec::default() };
    let experiment = Experiment { network, seed, ..Experiment::default() };
    let bytes = pollster::block_on(async {
        let compute = Compute::start(DevicePreference::Cpu).await;
        let checked = experiment.check().expect("valid");
        Model::untrained("m".into(), checked, &compute).to_file().await.expect("the CPU does not fail")
    });
    NamedFile { name: format!("{seed}.safetensors"), bytes: Bytes(bytes) }
}

fn dense(size: usize) -> BottleneckSpec {
    BottleneckSpec::Dense { size, activation: pinhole_protocol::Activation::Linear }
}

#[test]
fn the_reference_denoises_the_same_input() {
    let (file, other) = (model_file(dense(8), 1), model_file(dense(8), 2));
    let refused = NamedFile { name: "no.safetensors".into(), bytes: Bytes(vec![1]) };
    let events = play(
        vec![
            start(),
            Command::OpenModel { file: file.clone() },
            denoise(1),
            Command::OpenReference { file },
            denoise(2),
            Command::OpenReference { file: other },
            Command::OpenReference { file: refused },
            denoise(3),
        ],
        vec![],
    );
    assert_eq!(failures(&events).len(), 1, "{events:?}");
    let compared: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Denoised { comparison: Some(comparison), .. } => Some(comparison),
            _ => None,
        })
        .collect();
    let [alone, equal, different] = &compared[..] else { panic!("{events:?}") };
    assert_eq!(alone.reference, None);
    let of = |index: usize| compared[index].reference.as_ref().expect("there is a reference");
    assert_eq!((&of(1).denoised, of(1).quality), (&equal.denoised, equal.denoised_quality), "the same model");
    assert_ne!(of(2).denoised, different.denoised);
    assert_eq!(different.denoised, alone.denoised, "the current model stays");
}

#[test]
fn an_answer_tells_the_error_where_hidden_and_the_class() {
    let grey = Picture { shape: GridShape::MNIST, values: Floats(vec![0.5; 784]) };
    let network = NetworkSpec { head: Some(HeadSpec { classes: 3 }), ..NetworkSpec::default() };
    let answers = [
        (NetworkSpec::default(), Noise::Gaussian, None, 0),
        (NetworkSpec::default(), Noise::Block, Some(()), 0),
        (network, Noise::Gaussian, None, 3),
    ];
    for (network, noise, hidden, classes) in answers {
        let experiment = Experiment { network, ..Experiment::default() }.check().expect("valid");
        let answer = pollster::block_on(async {
            let compute = Compute::start(DevicePreference::Cpu).await;
            Model::untrained("m".into(), experiment, &compute).denoise(&grey, Corruption::new(noise, 0.25), 3).await
        })
        .expect("the CPU does not fail");
        assert_eq!(answer.hidden_mse.map(|_| ()), hidden);
        assert_eq!(answer.class_probabilities.0.len(), classes);
        let sum: f32 = answer.class_probabilities.0.iter().sum();
        assert!(classes == 0 || (sum - 1.0).abs() < 1e-5, "{sum}");
        if let Some(mse) = answer.hidden_mse {
            // Hidden values are 0 in the input, and the clean picture has one value only.
            let errors = answer.noisy.0.iter().zip(&answer.denoised.0).filter(|(noisy, _)| **noisy == 0.0);
            let errors: Vec<f64> = errors.map(|(_, denoised)| (0.5 - f64::from(*denoised)).powi(2)).collect();
            assert!((mse - errors.iter().sum::<f64>() / errors.len() as f64).abs() < 1e-9, "{mse}");
        }
    }
}

#[test]
fn a_prior_is_drawn_from_and_a_plane_is_walked() {
    let generate = |seed| Command::Generate { request: seed as u32, seed };
    let events = play(
        vec![
            start(),
            generate(0),
            Command::OpenModel { file: model_file(BottleneckSpec::Variational { size: 6 }, 1) },
            generate(1),
            generate(1),
            generate(2),
            Command::OpenModel { file: model_file(dense(2), 1) },
            generate(3),
            Command::OpenModel { file: model_file(dense(8), 1) },
            generate(4),
        ],
        vec![],
    );
    let failures = failures(&events);
    assert!(failures.iter().all(|(kind, _)| *kind == FailureKind::State) && failures.len() == 2, "{failures:?}");
    assert!(failures[1].1.contains("only a variational or adversarial code"), "{failures:?}");
    let generated: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Generated { pictures, .. } => Some(pictures),
            _ => None,
        })
        .collect();
    let [one, again, other, plane] = &generated[..] else { panic!("{events:?}") };
    assert_eq!((one.origin, one.count, one.codes.0.len()), (CodeOrigin::Prior, 48, 48 * 6));
    assert_eq!((one.pixels.0.len(), one == again, one == other), (48 * 784, true, false));
    assert_eq!((plane.origin, plane.count, plane.columns), (CodeOrigin::Plane, 225, 15));
    let code = |index: usize| [plane.codes.0[2 * index], plane.codes.0[2 * index + 1]];
    assert!(code(1)[0] > code(0)[0] && code(15)[1] < code(0)[1], "right and down: {:?}", [code(0), code(1), code(15)]);
}
