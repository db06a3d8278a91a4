//! The network behind a latent space, whichever lab it is of.

use std::rc::Rc;

use pinhole_anomaly::{RowAutoencoder, TableSample};
use pinhole_protocol::{
    BottleneckPlan, Bytes, Floats, GridShape, NetworkPlan,
    latent::{DecodedContent, DecodedSamples, Decoding},
};

use super::JobControl;
use crate::{EngineError, Model, pixels::unit_to_byte};

/// Samples per batch: enough to keep a device busy, few enough that a batch is soon done.
const BATCH: usize = 64;

const SKIPS: &str = "This network has skip connections: its decoder reads feature maps of the encoder beside the code, so \
                     that a code alone cannot be decoded. The map and the samples' own reconstructions are shown.";

/// A network that makes codes of samples, and samples of codes.
#[derive(Clone, Debug)]
pub enum LatentModel {
    /// A network of the Digits lab.
    Network {
        /// The network.
        model: Box<Model>,
        /// Rows of the table that it reads; `None` for pictures.
        rows: Option<Rc<TableSample>>,
    },
    /// The autoencoder of the Tables lab's detector.
    Detector(RowAutoencoder),
}

impl LatentModel {
    /// Values of an input.
    pub fn input_width(&self) -> usize {
        match self {
            Self::Network { model, .. } => model.experiment().plan().input.len(),
            Self::Detector(autoencoder) => autoencoder.width(),
        }
    }

    /// Numbers of a code.
    pub fn latent_size(&self) -> usize {
        match self {
            Self::Network { model, .. } => model.experiment().plan().code.len(),
            Self::Detector(autoencoder) => autoencoder.latent_size(),
        }
    }

    /// The network of the Digits lab, if it is one.
    pub fn network(&self) -> Option<&Model> {
        match self {
            Self::Network { model, .. } => Some(model),
            Self::Detector(_) => None,
        }
    }

    /// True if training pulled its codes to a prior.
    pub fn has_prior(&self) -> bool {
        self.network().is_some_and(|model| {
            let bottleneck = &model.experiment().plan().bottleneck;
            matches!(bottleneck, BottleneckPlan::Variational | BottleneckPlan::Adversarial { .. })
        })
    }

    /// Decoding of its codes.
    pub fn decoding(&self) -> Decoding {
        match self {
            Self::Network { model, .. } if has_skips(model.experiment().plan()) => {
                Decoding::Impossible { reason: SKIPS.into() }
            }
            Self::Network { rows: Some(rows), .. } => {
                Decoding::Rows { columns: rows.columns.iter().map(|column| column.name.clone()).collect() }
            }
            Self::Network { model, rows: None } => Decoding::Pictures { shape: model.experiment().plan().input },
            Self::Detector(autoencoder) => Decoding::Rows { columns: autoencoder.columns() },
        }
    }

    /// Refuses a code that cannot be decoded alone.
    ///
    /// # Errors
    /// The reason in a sentence.
    pub fn require_decoding(&self) -> Result<(), EngineError> {
        match self.decoding() {
            Decoding::Impossible { reason } => Err(EngineError::setting("network", reason)),
            Decoding::Pictures { .. } | Decoding::Rows { .. } => Ok(()),
        }
    }

    /// Sentences on how to read its codes.
    pub fn warnings(&self) -> Vec<String> {
        let Self::Network { model, .. } = self else { return Vec::new() };
        let plan = model.experiment().plan();
        let GridShape { channels, height, width } = plan.code;
        let mut warnings = Vec::new();
        if height > 1 || width > 1 {
            warnings.push(format!(
                "The code is {channels} feature maps of {height}x{width}: each number belongs to a place of the input, so that a number alone changes little."
            ));
        }
        if let BottleneckPlan::VectorQuantised { codes, .. } = plan.bottleneck {
            warnings.push(format!(
                "A code consists of vectors of a codebook of {codes}: what lies between two codes is no code of this network, and is decoded as it is."
            ));
        }
        warnings
    }

    /// Codes of inputs, one after the other.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn encode(&self, inputs: &[f32], control: &JobControl) -> Result<Vec<f32>, EngineError> {
        let mut codes = Vec::with_capacity(inputs.len() / self.input_width() * self.latent_size());
        for batch in inputs.chunks(BATCH * self.input_width()) {
            codes.extend(match self {
                Self::Network { model, .. } => model.encode_all(batch).await?,
                Self::Detector(autoencoder) => autoencoder.encode(batch).codes,
            });
            control.pause().await;
        }
        Ok(codes)
    }

    /// Codes, reconstructions and mean squared errors of inputs.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn reconstruct(&self, inputs: &[f32]) -> Result<Reconstructed, EngineError> {
        match self {
            Self::Network { model, .. } => {
                let [codes, values] = model.encode_and_reconstruct(inputs).await?;
                let width = self.input_width();
                let error = |(input, output): (&[f32], &[f32])| {
                    let square = |(a, b): (&f32, &f32)| f64::from(a - b).powi(2);
                    (input.iter().zip(output).map(square).sum::<f64>() / width as f64) as f32
                };
                let errors = inputs.chunks_exact(width).zip(values.chunks_exact(width)).map(error).collect();
                Ok(Reconstructed { codes, values, errors })
            }
            Self::Detector(autoencoder) => {
                let encoded = autoencoder.encode(inputs);
                Ok(Reconstructed { codes: encoded.codes, values: encoded.reconstructions, errors: encoded.errors })
            }
        }
    }

    /// Values of the samples of codes, one after the other.
    ///
    /// # Errors
    /// When a code alone cannot be decoded, or the device fails.
    pub async fn decode(&self, codes: &[f32], control: &JobControl) -> Result<Vec<f32>, EngineError> {
        self.require_decoding()?;
        let mut values = Vec::with_capacity(codes.len() / self.latent_size() * self.input_width());
        for batch in codes.chunks(BATCH * self.latent_size()) {
            values.extend(match self {
                Self::Network { model, .. } => model.decode_all(batch.to_vec()).await?,
                Self::Detector(autoencoder) => autoencoder.decode(batch),
            });
            control.pause().await;
        }
        Ok(values)
    }

    /// Samples of codes, for a person.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub async fn decode_samples(&self, codes: Vec<f32>, control: &JobControl) -> Result<DecodedSamples, EngineError> {
        let values = self.decode(&codes, control).await?;
        let count = codes.len() / self.latent_size();
        Ok(DecodedSamples { count, codes: Floats(codes), content: self.content(&values) })
    }

    /// Values of samples, for a person: pictures, or rows in the units of the file.
    pub fn content(&self, values: &[f32]) -> DecodedContent {
        let width = self.input_width();
        let rows = |cells: &dyn Fn(&[f32]) -> Vec<String>| DecodedContent::Rows {
            cells: values.chunks_exact(width).map(cells).collect(),
        };
        match self {
            Self::Network { rows: Some(sample), .. } => rows(&|row| sample.decoded(row)),
            Self::Network { model, rows: None } => DecodedContent::Pictures {
                shape: model.experiment().plan().input,
                pixels: Bytes(values.iter().copied().map(unit_to_byte).collect()),
            },
            Self::Detector(autoencoder) => rows(&|row| autoencoder.cells(row)),
        }
    }
}

/// Inputs after their way through a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reconstructed {
    /// Codes, one after the other.
    pub codes: Vec<f32>,
    /// Reconstructions, one after the other.
    pub values: Vec<f32>,
    /// Mean squared error of each input.
    pub errors: Vec<f32>,
}

/// True if the decoder reads outputs of the encoder beside the code.
fn has_skips(plan: &NetworkPlan) -> bool {
    plan.layers.iter().any(|layer| layer.skip_from.is_some())
}
