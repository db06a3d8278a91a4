//! Measures of open vectors: gathers what they read from the network and its samples.

use std::collections::HashSet;

use pinhole_latent::{Stepper as _, Vectors, sampling::MixtureSearch};
use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{
    Bytes, Floats, GridShape,
    latent::{Decoding, LatentActivity, LatentMeasures, Question, SampleColumn, SampleValues},
};
use rand::seq::SliceRandom;

use super::{
    JobControl, LatentModel, OpenVectors, VectorSamples,
    measures::{Denoising, DrawnFromCode, MeasuredCode, MeasuredSamples, answer},
    samples::LABEL,
    supervised::supervised_accuracy,
};
use crate::{EngineError, Model, objective::corruption::corrupt};

/// Most samples that are measured: the standard error of a share is then at most .011.
const MAX_SAMPLES: usize = 2_000;
/// Most samples that PCA is fitted to, and among which copies are looked for.
const MAX_TRAINING: usize = 2_000;
/// Samples that are drawn.
const DRAWN: usize = 500;
/// Samples that run through the network at once.
const BATCH: usize = 64;
/// Numbers of components to choose from for a mixture of codes.
const COMPONENTS: [usize; 6] = [1, 2, 4, 8, 16, 32];
/// Of two labels the rarer marks anomalies if it has at most this share.
const MAX_ANOMALIES: f64 = 0.2;
/// Parts that the progress counts.
const PARTS: usize = 4;

/// Answers a question about open vectors. Samples that the network was not trained on are measured, where there are
/// any; PCA is fitted to those that it was trained on. If those are not known, one half of the samples stands for them.
///
/// # Errors
/// When there are fewer than four samples, or the device fails.
pub async fn measure_vectors(
    open: &OpenVectors,
    question: Question,
    with_more: bool,
    control: &JobControl,
) -> Result<LatentMeasures, EngineError> {
    let pause = async || control.pause().await;
    control.report(LatentActivity::Measuring, 0, PARTS);
    let rows = Rows::choose(open);
    let mut code = without_samples(open, &rows.measured)?;
    if let (Some(model), Some(samples)) = (&open.model, &open.samples) {
        let needs = |asked| with_more || question == asked;
        let gathered = Gathering { open, model, samples, control };
        let mut measured = gathered.samples(&rows).await?;
        control.report(LatentActivity::Measuring, 1, PARTS);
        if needs(Question::Denoise) {
            measured.denoising = gathered.denoising(&measured.inputs).await?;
        }
        if needs(Question::Generate) {
            measured.drawn = gathered.drawn(&measured.training).await?;
        }
        control.report(LatentActivity::Measuring, 2, PARTS);
        if needs(Question::Classify) {
            code.supervised = gathered.supervised(&rows.measured).await?;
        }
        if with_more && let Some(network) = model.network() {
            code.logvar = Box::pin(log_variances(network, &measured.inputs, control)).await?;
        }
        code.samples = Some(measured);
    }
    control.report(LatentActivity::Measuring, 3, PARTS);
    Box::pin(answer(&code, question, with_more, &pause)).await
}

/// Samples by their use.
struct Rows {
    /// Those that are measured.
    measured: Vec<usize>,
    /// Those that stand for training samples, where these are not known.
    stand_ins: Vec<usize>,
}

impl Rows {
    fn choose(open: &OpenVectors) -> Self {
        let trained: HashSet<u32> = open.trained.iter().copied().collect();
        let is_trained = |row: &usize| match &open.samples {
            Some(VectorSamples::Set { indices, .. }) => trained.contains(&indices[*row]),
            _ => trained.contains(&(*row as u32)),
        };
        let all = || 0..open.vectors.len();
        let mut measured: Vec<usize> = all().filter(|row| !is_trained(row)).collect();
        if measured.is_empty() {
            measured = all().collect();
        }
        // Samples of a file may stand in the order of their labels.
        measured.shuffle(&mut generator(0, Stream::Measure, 2));
        let stand_ins = if trained.is_empty() && open.samples.is_some() {
            measured.split_off(measured.len().div_ceil(2))
        } else {
            Vec::new()
        };
        measured.truncate(MAX_SAMPLES);
        measured.sort_unstable();
        Self { measured, stand_ins }
    }
}

/// Codes with their labels and columns.
fn without_samples(open: &OpenVectors, rows: &[usize]) -> Result<MeasuredCode, EngineError> {
    let codes = rows.iter().flat_map(|&row| open.vectors.row(row)).copied().collect();
    let all_labels = open.labels();
    let labels: Vec<Option<u8>> = rows.iter().map(|&row| all_labels[row]).collect();
    let mut columns = open.sample_columns();
    let label_names = columns
        .iter()
        .find_map(|column| match &column.values {
            SampleValues::Categories { names, .. } if column.name == LABEL => Some(names.clone()),
            _ => None,
        })
        .unwrap_or_default();
    columns.retain(|column| column.name != LABEL);
    Ok(MeasuredCode {
        codes: Vectors::new(codes, open.vectors.width())?,
        is_anomalous: anomalies(open, &labels),
        labels,
        label_names,
        columns: columns.iter().map(|column| select(column, rows)).collect(),
        samples: None,
        logvar: None,
        supervised: Err("Vectors of a file have no network whose size could be compared.".into()),
    })
}

/// Values of some rows of a column.
fn select(column: &SampleColumn, rows: &[usize]) -> SampleColumn {
    let values = match &column.values {
        SampleValues::Numbers(numbers) => {
            SampleValues::Numbers(Floats(rows.iter().map(|&row| numbers.0[row]).collect()))
        }
        SampleValues::Categories { names, indices } => SampleValues::Categories {
            names: names.clone(),
            indices: Bytes(rows.iter().map(|&row| indices.0[row]).collect()),
        },
    };
    SampleColumn { name: column.name.clone(), values }
}

/// Anomalies by label: of a detector's rows those that are marked, else the rarer of two labels, if it is rare.
fn anomalies(open: &OpenVectors, labels: &[Option<u8>]) -> Vec<Option<bool>> {
    if matches!(open.model, Some(LatentModel::Detector(_))) {
        return labels.iter().map(|label| label.map(|class| class == 1)).collect();
    }
    let found = pinhole_latent::Labels::new(labels);
    let (&[first, second], counts) = (found.names(), found.counts()) else { return Vec::new() };
    let rarer = if counts[0] < counts[1] { (first, counts[0]) } else { (second, counts[1]) };
    if rarer.1 as f64 > MAX_ANOMALIES * found.len() as f64 {
        return Vec::new();
    }
    labels.iter().map(|label| label.map(|class| class == rarer.0)).collect()
}

/// The network and the samples that are gathered from.
struct Gathering<'a> {
    open: &'a OpenVectors,
    model: &'a LatentModel,
    samples: &'a VectorSamples,
    control: &'a JobControl,
}

impl Gathering<'_> {
    async fn samples(&self, rows: &Rows) -> Result<MeasuredSamples, EngineError> {
        let width = self.model.input_width();
        let inputs = self.samples.inputs(rows.measured.iter().copied());
        let shape = match self.model.decoding() {
            Decoding::Pictures { shape } => Some(shape),
            Decoding::Impossible { .. } => self.model.network().and_then(picture_shape),
            Decoding::Rows { .. } => None,
        };
        Ok(MeasuredSamples {
            noun: if shape.is_some() { "pictures" } else { "rows" },
            shape,
            reconstructions: Vectors::new(self.reconstruct(&inputs).await?, width)?,
            inputs: Vectors::new(self.filled(inputs), width)?,
            training: Vectors::new(self.filled(self.training(rows)), width)?,
            denoising: None,
            drawn: Err("No samples were drawn.".into()),
        })
    }

    /// Samples without missing values, as a detector reads them.
    fn filled(&self, values: Vec<f32>) -> Vec<f32> {
        match self.model {
            LatentModel::Network { .. } => values,
            LatentModel::Detector(autoencoder) => autoencoder.filled(&values),
        }
    }

    /// Samples that the network was trained on.
    fn training(&self, rows: &Rows) -> Vec<f32> {
        if !rows.stand_ins.is_empty() {
            return self.samples.inputs(rows.stand_ins.iter().copied().take(MAX_TRAINING));
        }
        let trained = self.open.trained.iter().map(|&index| index as usize).take(MAX_TRAINING);
        match self.samples {
            VectorSamples::Set { set, .. } => set.values_of(trained),
            VectorSamples::Rows { .. } => self.samples.inputs(trained),
        }
    }

    async fn reconstruct(&self, inputs: &[f32]) -> Result<Vec<f32>, EngineError> {
        let mut values = Vec::with_capacity(inputs.len());
        for batch in inputs.chunks(BATCH * self.model.input_width()) {
            values.extend(self.model.reconstruct(batch).await?.values);
            self.control.pause().await;
        }
        Ok(values)
    }

    /// Samples corrupted as in training, and their reconstructions; `None` without a corruption.
    async fn denoising(&self, inputs: &Vectors) -> Result<Option<Denoising>, EngineError> {
        let (Some(network), VectorSamples::Set { set, .. }) = (self.model.network(), self.samples) else {
            return Ok(None);
        };
        let spec = network.experiment().spec();
        if spec.objective.corruption.is_none() {
            return Ok(None);
        }
        let noisy = corrupt(inputs.values(), set.layout(), spec.objective.corruption, spec.seed, 0).input;
        let denoised = Vectors::new(self.reconstruct(&noisy).await?, inputs.width())?;
        Ok(Some(Denoising { noisy: Vectors::new(noisy, inputs.width())?, denoised }))
    }

    /// Samples of the prior, or of a mixture fitted to the codes of training samples: held-out ones judge it.
    async fn drawn(&self, training: &Vectors) -> Result<Result<DrawnFromCode, String>, EngineError> {
        if let Decoding::Impossible { reason } = self.model.decoding() {
            return Ok(Err(reason));
        }
        let network = self.model.network().filter(|_| self.model.has_prior());
        let (distribution, codes) = if let Some(network) = network {
            ("the prior".to_owned(), network.draw_prior(DRAWN, 0).await?)
        } else {
            let codes = self.model.encode(training.values(), self.control).await?;
            let codes = Vectors::new(codes, self.model.latent_size())?;
            let mut search = MixtureSearch::new(&codes, &COMPONENTS, 0)?;
            let mixture = loop {
                if let Some(mixture) = search.advance() {
                    break mixture;
                }
                self.control.pause().await;
            };
            let count = mixture.components();
            let plural = if count == 1 { "" } else { "s" };
            (format!("a mixture of {count} Gaussian{plural}"), mixture.draw(DRAWN, 0).values().to_vec())
        };
        let samples = Vectors::new(self.model.decode(&codes, self.control).await?, self.model.input_width())?;
        Ok(Ok(DrawnFromCode { distribution, samples }))
    }

    /// Accuracy of a network of the same size with labels alone.
    async fn supervised(&self, rows: &[usize]) -> Result<Result<f64, String>, EngineError> {
        let (Some(network), VectorSamples::Set { set, indices }) = (self.model.network(), self.samples) else {
            return Ok(Err(
                "A detector's network is not trained anew with labels: compare with the Digits lab's.".into()
            ));
        };
        let indices: Vec<usize> = rows.iter().map(|&row| indices[row] as usize).collect();
        let pause = async || self.control.pause().await;
        // A run is large, and so is the future that holds it.
        Box::pin(supervised_accuracy(network, set, &indices, &pause)).await
    }
}

/// Shape of a network's inputs, if they are pictures.
fn picture_shape(network: &Model) -> Option<GridShape> {
    network.reads_pictures().then(|| network.experiment().plan().input)
}

/// Log variances of a variational code; `None` of another one.
async fn log_variances(
    network: &Model,
    inputs: &Vectors,
    control: &JobControl,
) -> Result<Option<Vectors>, EngineError> {
    let mut values = Vec::new();
    for batch in inputs.values().chunks(BATCH * inputs.width()) {
        let Some(logvar) = network.log_variances(batch).await? else { return Ok(None) };
        values.extend(logvar);
        control.pause().await;
    }
    Ok(Some(Vectors::new(values, network.experiment().plan().code.len())?))
}
