//! The numbers that are measured, and what several measures compute from them once.

use std::borrow::Cow;

use pinhole_latent::{
    Labels, Stepper, Vectors,
    projection::pca::{Pca, PcaFit},
};
use pinhole_protocol::{
    GridShape,
    latent::{Candidate, SampleColumn},
};

use super::text::numbers;
use crate::EngineError;

/// Most components that are fitted, to tell how many rebuild as well as a code.
const MAX_COMPONENTS: usize = 128;
/// Fewest codes that are measured.
const MIN_CODES: usize = 4;

/// A code with what is known of its samples. All lists are in the order of the codes.
#[derive(Clone, Debug)]
pub struct MeasuredCode {
    /// Codes of samples, at most some thousands, best of held-out ones.
    pub codes: Vectors,
    /// Class of each sample; `None` without a label.
    pub labels: Vec<Option<u8>>,
    /// Name of each class; may be empty.
    pub label_names: Vec<String>,
    /// True for anomalies, `None` where it is unknown; empty if labels say nothing of anomalies.
    pub is_anomalous: Vec<Option<bool>>,
    /// Other columns of the samples.
    pub columns: Vec<SampleColumn>,
    /// The samples; `None` for vectors from a file.
    pub samples: Option<MeasuredSamples>,
    /// Log variances of a variational code, whose means are `codes`.
    pub logvar: Option<Vectors>,
    /// Accuracy on the test samples of [`super::supervised_split`] of a network that is trained with the labels of the
    /// others; or the reason why there is none.
    pub supervised: Result<f64, String>,
}

/// Samples of codes, as the network reads them.
#[derive(Clone, Debug)]
pub struct MeasuredSamples {
    /// Their plural, such as "pictures".
    pub noun: &'static str,
    /// Shape of a sample that is a picture.
    pub shape: Option<GridShape>,
    /// The samples.
    pub inputs: Vectors,
    /// Their reconstructions.
    pub reconstructions: Vectors,
    /// Samples that the network was trained on, at most some thousands: PCA is fitted to them.
    pub training: Vectors,
    /// Corrupted samples; `None` if the network was trained without corruption.
    pub denoising: Option<Denoising>,
    /// Samples that were drawn; or the reason why there are none.
    pub drawn: Result<DrawnFromCode, String>,
}

/// Corrupted samples and what the network makes of them.
#[derive(Clone, Debug)]
pub struct Denoising {
    /// The corrupted samples.
    pub noisy: Vectors,
    /// Their reconstructions.
    pub denoised: Vectors,
}

/// Samples that were drawn from a distribution of codes and decoded.
#[derive(Clone, Debug)]
pub struct DrawnFromCode {
    /// The distribution, such as "the prior".
    pub distribution: String,
    /// The samples.
    pub samples: Vectors,
}

/// A representation of the samples.
pub(super) struct Representation<'a> {
    /// Its name.
    pub name: String,
    /// The vectors.
    pub vectors: Cow<'a, Vectors>,
}

/// A code, and what several measures compute from it once.
pub(super) struct Context<'a, P> {
    pub code: &'a MeasuredCode,
    pub labels: Labels,
    /// The code first, then PCA of the same size and the raw samples, where there are any.
    pub representations: Vec<Representation<'a>>,
    /// Components of the training samples: at least as many as the code has numbers, if there are so many.
    pub pca: Option<Pca>,
    pub pause: &'a P,
}

impl<'a, P: AsyncFn()> Context<'a, P> {
    /// Fits PCA to the training samples.
    pub async fn new(code: &'a MeasuredCode, pause: &'a P) -> Result<Self, EngineError> {
        let count = code.codes.len();
        if count < MIN_CODES {
            let message =
                format!("A code is measured on at least {MIN_CODES} samples, and there are {count}: open more.");
            return Err(EngineError::setting("samples", message));
        }
        let mut representations =
            vec![Representation { name: "This code".into(), vectors: Cow::Borrowed(&code.codes) }];
        let mut pca = None;
        if let Some(samples) = &code.samples {
            let size = code.codes.width();
            if samples.training.len() >= 2 {
                let fitted = fit(&samples.training, size.max(MAX_COMPONENTS.min(4 * size)), pause).await?;
                let same_size = fitted.truncated(size);
                let coordinates = Vectors::new(same_size.transform(&samples.inputs)?, same_size.len())?;
                let name = format!("PCA, {}", numbers(same_size.len()));
                representations.push(Representation { name, vectors: Cow::Owned(coordinates) });
                pca = Some(fitted);
            }
            let name = format!("Raw {}", samples.noun);
            representations.push(Representation { name, vectors: Cow::Borrowed(&samples.inputs) });
        }
        Ok(Self { code, labels: Labels::new(&code.labels), representations, pca, pause })
    }

    /// Components of the code's size; `None` without training samples.
    pub fn pca_of_same_size(&self) -> Option<Pca> {
        self.pca.as_ref().map(|pca| pca.truncated(self.code.codes.width()))
    }

    /// Name of that PCA.
    pub fn pca_name(&self) -> String {
        let size = self.pca_of_same_size().map_or(0, |pca| pca.len());
        format!("PCA, {}", numbers(size))
    }

    /// Does all pieces of some work, pausing between them.
    pub async fn run<S: Stepper>(&self, mut stepper: S) -> S::Output {
        loop {
            if let Some(output) = stepper.advance() {
                return output;
            }
            (self.pause)().await;
        }
    }

    /// A figure of every representation.
    pub async fn of_each(
        &self,
        figure: impl AsyncFn(&Representation<'a>) -> Result<Option<f64>, EngineError>,
    ) -> Result<Vec<Candidate>, EngineError> {
        let mut candidates = Vec::new();
        for representation in &self.representations {
            let value = figure(representation).await?;
            candidates.push(Candidate { name: representation.name.clone(), value });
            (self.pause)().await;
        }
        Ok(candidates)
    }
}

/// Rebuilds samples from their coordinates along principal components.
pub(super) fn rebuilt(pca: &Pca, samples: &Vectors) -> Option<Vectors> {
    Vectors::new(pca.inverse_transform(&pca.transform(samples).ok()?), samples.width()).ok()
}

async fn fit(vectors: &Vectors, components: usize, pause: &impl AsyncFn()) -> Result<Pca, EngineError> {
    let mut fit = PcaFit::new(vectors, components)?;
    while !fit.is_done() {
        fit.advance(vectors);
        pause().await;
    }
    Ok(fit.finish())
}
