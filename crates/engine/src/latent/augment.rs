//! Effect of drawn samples on training.

use std::time::Duration;

use pinhole_anomaly::{
    RowAutoencoder,
    detector::{DetectorRun, FeatureTable, TrainingMode},
};
use pinhole_latent::{
    Labels, Stepper as _, Vectors,
    measure::{LinearProbeFit, NeighbourVote, accuracy, auroc},
};
use pinhole_protocol::latent::{AugmentationEffect, CodePrior, LatentActivity};

use super::{JobControl, LatentModel, OpenVectors, VectorSamples, draw::draw_codes};
use crate::EngineError;

/// Real samples that are trained on, and those that are tested, at most.
const MAX_REAL: usize = 2_000;
/// Codes among which a drawn one finds its label, by this many neighbours.
const VOTES: usize = 5;
/// Time of a slice of a detector's training.
const SLICE: Duration = Duration::from_millis(8);

const NO_LABELS: EngineError = EngineError::State(
    "These samples have no labels of two kinds, so that neither a classifier nor a detector can be measured on them.",
);

/// Trains with drawn samples and without: of pictures a classifier (logistic regression of their pixels), where a drawn
/// sample gets the label of the nearest codes; of a scored table a detector by the method of the one that scored it.
///
/// # Errors
/// When there are no labels, or nothing can be drawn.
pub async fn augment(
    open: &OpenVectors,
    prior: CodePrior,
    count: usize,
    seed: u64,
    control: &JobControl,
) -> Result<AugmentationEffect, EngineError> {
    control.report(LatentActivity::Augmenting, 0, 2);
    let model = open.model()?;
    let samples = open.samples.as_ref().ok_or(NO_LABELS)?;
    let labels = open.labels();
    if Labels::new(&labels).names().len() < 2 {
        return Err(NO_LABELS);
    }
    let drawn = draw_codes(open, prior, count, seed, control).await?.codes;
    let values = model.decode(&drawn, control).await?;
    match model {
        LatentModel::Detector(autoencoder) => of_detector(open, samples, autoencoder, &labels, &values, control).await,
        LatentModel::Network { .. } => {
            let width = model.input_width();
            of_classifier(open, samples, &labels, &drawn, &values, width, control).await
        }
    }
}

/// Accuracy of a classifier. The map's samples are split in two halves: one trains, the other tests.
async fn of_classifier(
    open: &OpenVectors,
    samples: &VectorSamples,
    labels: &[Option<u8>],
    drawn_codes: &[f32],
    drawn: &[f32],
    width: usize,
    control: &JobControl,
) -> Result<AugmentationEffect, EngineError> {
    let labelled: Vec<usize> =
        (0..labels.len()).filter(|&sample| labels[sample].is_some()).take(2 * MAX_REAL).collect();
    let (real, tested) = labelled.split_at(labelled.len() / 2);
    let drawn_labels = labels_of_drawn(open, labels, real, drawn_codes, control).await?;
    let count = drawn.len() / width;
    let mut values = samples.inputs(real.iter().chain(tested).copied());
    values.extend_from_slice(drawn);
    let vectors = Vectors::new(values, width)?;
    let tested_rows: Vec<usize> = (real.len()..real.len() + tested.len()).collect();
    let expected: Vec<u8> = tested.iter().filter_map(|&sample| labels[sample]).collect();
    let mut accuracies = [0.0; 2];
    for (index, found) in accuracies.iter_mut().enumerate() {
        let of_real = real.iter().map(|&sample| labels[sample]);
        let of_drawn = drawn_labels.iter().map(|&label| (index == 1).then_some(label));
        let of_rows = of_real.chain(tested.iter().map(|_| None)).chain(of_drawn);
        let training = Labels::new(&of_rows.collect::<Vec<_>>());
        let mut fit = LinearProbeFit::new(&vectors, &training)?;
        let probe = loop {
            if let Some(probe) = fit.advance() {
                break probe;
            }
            control.pause().await;
        };
        *found = accuracy(&expected, &probe.predict(&vectors, &tested_rows));
        control.report(LatentActivity::Augmenting, index + 1, 2);
    }
    Ok(effect("Accuracy of a classifier", accuracies, real.len(), count, tested.len()))
}

/// Label of each drawn code: the most frequent one among the nearest codes of `real` samples.
async fn labels_of_drawn(
    open: &OpenVectors,
    labels: &[Option<u8>],
    real: &[usize],
    drawn: &[f32],
    control: &JobControl,
) -> Result<Vec<u8>, EngineError> {
    let width = open.vectors.width();
    let mut codes: Vec<f32> = real.iter().flat_map(|&sample| open.vectors.row(sample)).copied().collect();
    codes.extend_from_slice(drawn);
    let codes = Vectors::new(codes, width)?;
    let of_codes: Vec<Option<u8>> =
        real.iter().map(|&sample| labels[sample]).chain((real.len()..codes.len()).map(|_| None)).collect();
    let known = Labels::new(&of_codes);
    let drawn_rows: Vec<usize> = (real.len()..codes.len()).collect();
    let mut vote = NeighbourVote::of(&codes, &known, &drawn_rows, VOTES)?;
    loop {
        if let Some(found) = vote.advance() {
            return Ok(found);
        }
        control.pause().await;
    }
}

/// AUROC of a detector on the rows of the map that did not train.
async fn of_detector(
    open: &OpenVectors,
    samples: &VectorSamples,
    autoencoder: &RowAutoencoder,
    labels: &[Option<u8>],
    drawn: &[f32],
    control: &JobControl,
) -> Result<AugmentationEffect, EngineError> {
    let width = autoencoder.width();
    let mut is_trained = vec![false; samples.len()];
    open.trained.iter().for_each(|&place| is_trained[place as usize] = true);
    let trains_on_all = !autoencoder.detector().is_semi_supervised();
    let tested: Vec<usize> =
        (0..samples.len()).filter(|&row| labels[row].is_some() && (trains_on_all || !is_trained[row])).collect();
    let is_anomalous: Vec<bool> = tested.iter().map(|&row| labels[row] == Some(1)).collect();
    let real: Vec<usize> = open.trained.iter().map(|&place| place as usize).take(MAX_REAL).collect();
    let (rows, tested_rows) = (samples.inputs(real.iter().copied()), samples.inputs(tested.iter().copied()));
    let preparation = autoencoder.detector().preparation();
    let table = |values: Vec<f32>| FeatureTable {
        values,
        width,
        groups: preparation.groups().into_iter().map(|group| group.features).collect(),
        cells: preparation.cells(),
    };
    let (mode, plan) = (
        if trains_on_all { TrainingMode::Unsupervised } else { TrainingMode::SemiSupervised },
        autoencoder.detector().plan(),
    );
    let mut found = [0.0; 2];
    for (index, (figure, more)) in found.iter_mut().zip([&[][..], drawn]).enumerate() {
        let training = table([&rows[..], more].concat());
        let mut run =
            DetectorRun::new(plan.method, training, mode, plan.seed).map_err(pinhole_anomaly::AnomalyError::from)?;
        let detector = loop {
            if let Some(detector) = run.advance(SLICE).map_err(pinhole_anomaly::AnomalyError::from)? {
                break detector;
            }
            control.pause().await;
        };
        let mut scores = Vec::new();
        for block in tested_rows.chunks(512 * width) {
            detector.score(block, &mut scores);
            control.pause().await;
        }
        *figure = auroc(&scores, &is_anomalous).ok_or(NO_LABELS)?;
        control.report(LatentActivity::Augmenting, index + 1, 2);
    }
    Ok(effect("AUROC of a detector", found, real.len(), drawn.len() / width, tested.len()))
}

/// The effect with its sentence; a difference below two standard errors of a share is none.
fn effect(figure: &str, [without, with]: [f64; 2], real: usize, drawn: usize, tested: usize) -> AugmentationEffect {
    let error = 2.0 * (without * (1.0 - without) / tested.max(1) as f64).sqrt();
    let verdict = match with - without {
        gain if gain > error => "it gains from drawn samples",
        gain if gain < -error => "drawn samples harm it",
        _ => "drawn samples change nothing that the tested samples could tell",
    };
    let sentence = format!("{figure}: {without:.3} without and {with:.3} with {drawn} drawn samples: {verdict}.");
    AugmentationEffect { figure: figure.into(), without, with, real, drawn, sentence }
}
