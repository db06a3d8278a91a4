//! A network of the encoder's size that is trained with labels alone: the honest ceiling of a classifier on codes.

use pinhole_protocol::{Experiment, HeadSpec, Objective, Schedule};

use super::measures::supervised_split;
use crate::{
    EngineError, Model,
    data::{Labels, SampleSet},
    training::{RunAdvance, Start, TrainingRun},
};

/// Passes over the labelled samples, and samples per step: 300 steps with 100 labels.
const EPOCHS: usize = 60;
const BATCH_SIZE: usize = 20;
/// Samples classified at once.
const TEST_BATCH: usize = 64;

/// Accuracy on the test samples of [`supervised_split`] of a network with the encoder, bottleneck and seed of `model`
/// and a classifier, trained with the labels of the others alone; or the reason in a sentence why there is none.
/// `indices` are those of the samples in the set.
///
/// # Errors
/// When the device fails.
pub async fn supervised_accuracy(
    model: &Model,
    set: &SampleSet,
    indices: &[usize],
    pause: &impl AsyncFn(),
) -> Result<Result<f64, String>, EngineError> {
    let label = |&index: &usize| set.labels().of_sample(index);
    let labels: Vec<Option<u8>> = indices.iter().map(label).collect();
    let Some((train, test)) = supervised_split(&labels) else {
        return Ok(Err("There are too few labels to train a network with them.".into()));
    };
    let of_rows = |rows: &[usize]| rows.iter().map(|&row| indices[row]).collect::<Vec<_>>();
    let labelled = subset(set, &of_rows(train.rows()));
    let spec = classifier(model.experiment().spec(), set.labels().names().len());
    let experiment = match spec.check() {
        Ok(experiment) => experiment,
        Err(error) => return Ok(Err(format!("No network was trained with the labels alone: {error}"))),
    };
    let mut run = TrainingRun::new(&model.compute, experiment, &labelled, Start::Fresh)?;
    while !matches!(run.advance().await?, RunAdvance::Ended(_)) {
        pause().await;
    }
    let network = run.into_model("supervised".into());
    let mut correct = 0;
    for (rows, truth) in of_rows(test.rows()).chunks(TEST_BATCH).zip(test.values().chunks(TEST_BATCH)) {
        let codes = network.encode_all(&set.values_of(rows.iter().copied())).await?;
        let probabilities = network.class_probabilities(&codes).await?;
        let classes = probabilities.chunks_exact(probabilities.len() / rows.len());
        correct += classes.zip(truth).filter(|(shares, label)| most_probable(shares) == usize::from(**label)).count();
        pause().await;
    }
    Ok(Ok(correct as f64 / test.len() as f64))
}

/// The experiment whose loss is the classifier's alone.
fn classifier(spec: &Experiment, classes: usize) -> Experiment {
    let mut spec = spec.clone();
    spec.data.limit = None;
    spec.network.head = Some(HeadSpec { classes });
    spec.network.learnt_variance = false;
    spec.objective =
        Objective { reconstruction: 0.0, beta: 0.0, adversarial: 0.0, classification: 1.0, ..Objective::default() };
    spec.schedule = Schedule { epochs: EPOCHS, batch_size: BATCH_SIZE, validation_share: 0.0, ..Schedule::default() };
    spec
}

/// Samples of a set, with their labels.
fn subset(set: &SampleSet, indices: &[usize]) -> SampleSet {
    let samples = if set.is_pictures() {
        let pixels = indices.iter().filter_map(|&index| set.picture(index)).flatten().copied().collect();
        SampleSet::pictures(set.name.clone(), set.shape(), pixels)
    } else {
        let values = set.values_of(indices.iter().copied());
        SampleSet::vectors(set.name.clone(), set.layout().groups.to_vec(), values)
    };
    let labels = indices.iter().map(|&index| set.labels().of_sample(index)).collect();
    samples.with_labels(Labels::new(set.labels().names().to_vec(), labels))
}

fn most_probable(shares: &[f32]) -> usize {
    (0..shares.len()).max_by(|&one, &other| shares[one].total_cmp(&shares[other])).unwrap_or_default()
}
