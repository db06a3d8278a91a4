//! Codes of samples, with their reconstruction errors.

use std::rc::Rc;

use pinhole_anomaly::{
    Ranking, RowAutoencoder, RowLabel,
    jobs::{Job as _, SampleRowsJob},
};
use pinhole_latent::Vectors;
use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{
    Bytes, Floats,
    latent::{LatentActivity, SampleColumn, SampleRange, SampleValues},
};
use rand::seq::SliceRandom;

use super::{
    JobControl, LatentModel, OpenVectors, RunSamples, VectorSamples,
    samples::{ANOMALY_SCORE, LABEL, UNKNOWN},
};
use crate::{EngineError, Model, data};

/// Most vectors of a map.
pub const MAX_VECTORS: usize = 60_000;
/// Most numbers of all vectors, and of all inputs of a table, in memory: 100 MB.
const MAX_VALUES: usize = 25_000_000;
/// Samples encoded at once.
const BATCH: usize = 64;

/// Encodes samples of a network of the Digits lab.
///
/// # Errors
/// When there are no samples, they do not fit the network, or the device fails.
pub async fn open_network(
    model: Model,
    samples: RunSamples,
    range: SampleRange,
    control: &JobControl,
) -> Result<OpenVectors, EngineError> {
    let plan = model.experiment().plan();
    let set = match data::fit_to_input(&samples.set, plan.input)? {
        std::borrow::Cow::Borrowed(_) => samples.set.clone(),
        std::borrow::Cow::Owned(fitted) => Rc::new(fitted),
    };
    let mut warnings = Vec::new();
    let are_held_out = range == SampleRange::HeldOut && !samples.held_out.is_empty();
    let mut indices = match range {
        SampleRange::HeldOut if are_held_out => samples.held_out.clone(),
        SampleRange::HeldOut => {
            warnings.push("No sample was held out of training: these are samples that it trained on.".into());
            samples.trained.clone()
        }
        SampleRange::All => (0..set.len() as u32).collect(),
    };
    let total = indices.len();
    let most = MAX_VECTORS.min(MAX_VALUES / plan.code.len().max(1)).max(1);
    if total > most {
        // Held-out samples are shuffled already.
        if !are_held_out {
            indices.shuffle(&mut generator(model.experiment().spec().seed, Stream::Sample, 0));
        }
        indices.truncate(most);
        warnings.push(sampled(most, total));
    }
    let name = name(&model);
    let rows = set.table().cloned();
    let model = LatentModel::Network { model: Box::new(model), rows };
    warnings.extend(model.warnings());
    let samples_of_map = VectorSamples::Set { set, indices };
    let (codes, errors) = encode(&model, &samples_of_map, control).await?;
    Ok(OpenVectors {
        total,
        are_held_out,
        trained: samples.trained,
        samples: Some(samples_of_map),
        model: Some(model),
        errors,
        warnings,
        ..OpenVectors::of_file(&name, Rc::new(codes))
    })
}

/// Encodes rows of a scored table by the autoencoder of its detector.
///
/// # Errors
/// When the detector has none, or the table cannot be read any more.
pub async fn open_rows(
    ranking: &std::cell::RefCell<Ranking>,
    seed: u64,
    control: &JobControl,
) -> Result<OpenVectors, EngineError> {
    let autoencoder = RowAutoencoder::new(ranking.borrow().detector())?;
    let (width, total) = (autoencoder.width(), ranking.borrow().rows().len());
    let most = MAX_VECTORS.min(MAX_VALUES / width.max(autoencoder.latent_size()).max(1)).max(1);
    let mut job = SampleRowsJob::new(&ranking.borrow(), most, seed)?;
    let rows = loop {
        if let Some(rows) = job.advance().await? {
            break rows;
        }
        control.report(LatentActivity::Reading, job.progress().count as usize, job.count());
        control.pause().await;
    };
    let (columns, trained) = known_of_rows(&ranking.borrow(), &rows.sample.rows);
    let samples = VectorSamples::rows(rows, width, columns);
    let name = ranking.borrow().table().borrow().name().to_owned();
    let model = LatentModel::Detector(autoencoder);
    let (codes, errors) = encode(&model, &samples, control).await?;
    let warnings = if samples.len() < total { vec![sampled(samples.len(), total)] } else { Vec::new() };
    Ok(OpenVectors {
        total,
        model: Some(model),
        samples: Some(samples),
        trained,
        errors,
        warnings,
        ..OpenVectors::of_file(&format!("rows of {name}"), Rc::new(codes))
    })
}

/// Label and score of rows of a ranking, and the places of those that trained.
fn known_of_rows(ranking: &Ranking, rows: &[u64]) -> (Vec<SampleColumn>, Vec<u32>) {
    let scored = ranking.rows();
    let places = || rows.iter().map(|&row| row as usize - 1);
    let class = |row| match scored.roles.label(row) {
        RowLabel::Normal => 0,
        RowLabel::Anomalous => 1,
        RowLabel::Unknown => UNKNOWN,
    };
    let classes: Vec<u8> = places().map(class).collect();
    let mut columns = Vec::new();
    if classes.iter().any(|&class| class != UNKNOWN) {
        let names = vec!["normal".into(), "anomaly".into()];
        columns.push(SampleColumn {
            name: LABEL.into(),
            values: SampleValues::Categories { names, indices: Bytes(classes) },
        });
    }
    let scores = places().map(|row| scored.scores()[row] as f32).collect();
    columns.push(SampleColumn { name: ANOMALY_SCORE.into(), values: SampleValues::Numbers(Floats(scores)) });
    let trained = places().enumerate().filter(|&(_, row)| scored.roles.is_trained(row));
    (columns, trained.map(|(place, _)| place as u32).collect())
}

/// Codes and reconstruction errors of all samples.
async fn encode(
    model: &LatentModel,
    samples: &VectorSamples,
    control: &JobControl,
) -> Result<(Vectors, Vec<f32>), EngineError> {
    let (mut codes, mut errors) = (Vec::new(), Vec::new());
    for start in (0..samples.len()).step_by(BATCH) {
        let end = (start + BATCH).min(samples.len());
        let reconstructed = model.reconstruct(&samples.inputs(start..end)).await?;
        codes.extend(reconstructed.codes);
        errors.extend(reconstructed.errors);
        control.report(LatentActivity::Encoding, end, samples.len());
        control.pause().await;
    }
    if codes.iter().any(|value| !value.is_finite()) {
        return Err(EngineError::State("Codes of this network are not finite: it has diverged, so train it anew."));
    }
    Ok((Vectors::new(codes, model.latent_size())?, errors))
}

/// Name of a network with its epoch.
pub(super) fn name(model: &Model) -> String {
    match model.history().len() {
        0 => format!("{}, untrained", model.name),
        epochs => format!("{}, epoch {epochs}", model.name),
    }
}

fn sampled(count: usize, total: usize) -> String {
    format!("{count} of {total} are on the map, drawn by the seed.")
}
