//! Measures of codes, as page and terminal take them.

use std::rc::Rc;

use pinhole_engine::{
    Model, data,
    latent::{JobControl, OpenVectors, RunSamples, measure_vectors, open_network},
};
use pinhole_protocol::{
    Activation, BottleneckSpec, Corruption, Experiment, GridShape, NetworkSpec, Noise, Objective, Schedule,
    latent::{Grade, LatentCommand, LatentEvent, LatentMeasures, Question, SampleRange, VectorSource},
};

use super::{answer, send, started};
use crate::{
    common::{checked, cpu, train},
    session_harness::{parcels, plan, scanned, scored},
};

const SHAPE: GridShape = GridShape { channels: 1, height: 8, width: 8 };

/// Real digits of 8x8 pixels, a code of eight numbers, and half of the samples held out.
fn digits(objective: Objective, epochs: usize) -> Experiment {
    Experiment {
        network: NetworkSpec {
            input: SHAPE,
            encoder: NetworkSpec::dense_blocks(&[48]),
            bottleneck: BottleneckSpec::Dense { size: 8, activation: Activation::Linear },
            ..NetworkSpec::default()
        },
        objective,
        schedule: Schedule {
            epochs,
            batch_size: 32,
            learning_rate: 0.005,
            validation_share: 0.5,
            ..Schedule::default()
        },
        ..Experiment::default()
    }
}

fn open(model: Model) -> OpenVectors {
    let samples = RunSamples::of_run(Rc::new(data::digits8x8(SHAPE)), model.experiment());
    pollster::block_on(open_network(model, samples, SampleRange::HeldOut, &JobControl::default())).expect("it opens")
}

fn measured(open: &OpenVectors, question: Question, with_more: bool) -> LatentMeasures {
    pollster::block_on(measure_vectors(open, question, with_more, &JobControl::default())).expect("it is measured")
}

#[test]
fn every_question_about_a_trained_code_has_an_answer() {
    let corruption = Corruption::new(Noise::Gaussian, 0.3);
    let (_, model) = train(digits(Objective { corruption, ..Objective::default() }, 20), &data::digits8x8(SHAPE));
    let open = open(model);
    for question in Question::ALL {
        let found = measured(&open, question, question == Question::Compress);
        let verdict = found.verdict;
        if question == Question::Detect {
            assert_eq!(verdict.grade, Grade::NotApplicable, "{verdict:?}");
            continue;
        }
        assert_ne!(verdict.grade, Grade::NotApplicable, "{verdict:?}");
        assert!(verdict.candidates.iter().all(|candidate| candidate.value.is_some_and(f64::is_finite)), "{verdict:?}");
        let own = verdict.candidates[0].value.expect("it was checked");
        match question {
            Question::Compress => {
                assert_eq!(verdict.candidates[1].name, "PCA, 8 numbers");
                assert!(own > 0.3, "{verdict:?}");
                assert!(found.more.iter().any(|measure| measure.name == "SSIM" || measure.name == "PSNR in dB"));
            }
            Question::Denoise => assert!(own > 1.0, "{verdict:?}"),
            Question::Classify => {
                assert!(own > 0.6, "{verdict:?}");
                // The supervised network stands last, and learns more than chance.
                let ceiling = verdict.candidates.last().and_then(|candidate| candidate.value);
                assert!(ceiling.is_some_and(|accuracy| accuracy > 0.5), "{verdict:?}");
            }
            Question::Group | Question::Generate | Question::Detect => {}
        }
    }
}

#[test]
fn an_untrained_code_rebuilds_worse_than_pca_and_was_not_trained_to_denoise() {
    let model = Model::untrained("untrained".into(), checked(digits(Objective::default(), 1)), &cpu());
    let open = open(model);
    let verdict = measured(&open, Question::Compress, false).verdict;
    assert_eq!(verdict.grade, Grade::Poor);
    assert!(verdict.sentence.ends_with("use it."), "{}", verdict.sentence);
    assert_eq!(measured(&open, Question::Denoise, false).verdict.grade, Grade::NotApplicable);
}

#[test]
fn a_detectors_code_is_asked_whether_it_tells_anomalies() {
    let mut session = started();
    let plan = plan(scanned(&session.open("parcels.csv", parcels(300, 20, 3))));
    scored(&session.fit(&plan));
    super::open(&mut session, VectorSource::Detector);
    let mut ask = |question, with_more| {
        let events = send(&mut session, LatentCommand::Measure { question, with_more });
        answer(&events, |event| if let LatentEvent::Measured(found) = event { Some((**found).clone()) } else { None })
    };
    let verdict = ask(Question::Detect, false).verdict;
    assert_eq!(verdict.measure, "AUROC of the reconstruction error");
    assert!(verdict.candidates[0].value.is_some_and(|auroc| auroc > 0.7), "{verdict:?}");
    assert!(verdict.candidates[1].name.starts_with("PCA"));
    let found = ask(Question::Generate, true);
    assert_ne!(found.verdict.grade, Grade::NotApplicable, "{:?}", found.verdict);
    assert!(found.more.iter().any(|measure| measure.name == "Correlation with “weight”"));
}

#[test]
fn there_is_nothing_to_measure_before_vectors_are_open() {
    let command = LatentCommand::Measure { question: Question::Compress, with_more: false };
    assert!(super::refusal(&mut started(), command).starts_with("No codes are open yet"));
}
