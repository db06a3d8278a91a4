//! Vectors of a map, with their model and their samples.

use std::{cell::OnceCell, rc::Rc};

use pinhole_latent::{Vectors, sampling::GaussianMixture};
use pinhole_protocol::{
    Floats,
    latent::{CodePoint, Decoding, SampleColumn, SampleValues, VectorSet},
};

use super::{
    LatentModel, VectorSamples,
    samples::{LABEL, RECONSTRUCTION_ERROR, UNKNOWN},
    thumbnails::thumbnails,
};
use crate::EngineError;

const NO_MODEL_OF_FILE: &str =
    "These vectors come from a file, and no network is known that decodes them: open the codes of a model.";

/// Vectors that were opened.
#[derive(Clone, Debug)]
pub struct OpenVectors {
    /// Their model and its epoch, or their file.
    pub name: String,
    /// The vectors.
    pub vectors: Rc<Vectors>,
    /// Number of samples that they were drawn from.
    pub total: usize,
    /// True if they are codes of samples that training does not see.
    pub are_held_out: bool,
    /// True if they are coordinates of two dimensions from a file.
    pub are_coordinates: bool,
    /// Their network; `None` for vectors from a file.
    pub model: Option<LatentModel>,
    /// Their samples; `None` for vectors from a file.
    pub samples: Option<VectorSamples>,
    /// Indices of samples that the network was trained on, in the set of `samples`.
    pub trained: Vec<u32>,
    /// Reconstruction error of each; empty for vectors from a file.
    pub errors: Vec<f32>,
    /// Columns of a file.
    pub columns: Vec<SampleColumn>,
    /// Sentences for the user.
    pub warnings: Vec<String>,
    /// Mixture of Gaussians fitted to the vectors, once it was needed.
    pub mixture: OnceCell<GaussianMixture>,
}

impl OpenVectors {
    /// Vectors from a file, of which nothing else is known.
    pub fn of_file(name: &str, vectors: Rc<Vectors>) -> Self {
        Self {
            name: name.to_owned(),
            total: vectors.len(),
            vectors,
            are_held_out: false,
            are_coordinates: false,
            model: None,
            samples: None,
            trained: Vec::new(),
            errors: Vec::new(),
            columns: Vec::new(),
            warnings: Vec::new(),
            mixture: OnceCell::new(),
        }
    }

    /// Median reconstruction error.
    pub fn usual_error(&self) -> Option<f32> {
        let mut errors = self.errors.clone();
        let middle = errors.len() / 2;
        (!errors.is_empty()).then(|| *errors.select_nth_unstable_by(middle, f32::total_cmp).1)
    }

    /// Their network.
    ///
    /// # Errors
    /// When they come from a file.
    pub fn model(&self) -> Result<&LatentModel, EngineError> {
        self.model.as_ref().ok_or(EngineError::State(NO_MODEL_OF_FILE))
    }

    /// Class of each vector; `None` without a label.
    pub fn labels(&self) -> Vec<Option<u8>> {
        if let Some(samples) = &self.samples {
            return samples.labels();
        }
        let label = self.columns.iter().find(|column| column.name == LABEL);
        match label.map(|column| &column.values) {
            Some(SampleValues::Categories { indices, .. }) => {
                indices.0.iter().map(|&class| (class != UNKNOWN).then_some(class)).collect()
            }
            _ => vec![None; self.vectors.len()],
        }
    }

    /// All that is known of each vector.
    pub fn sample_columns(&self) -> Vec<SampleColumn> {
        let mut columns = self.samples.as_ref().map_or_else(|| self.columns.clone(), VectorSamples::columns);
        if !self.errors.is_empty() {
            let place = usize::from(columns.first().is_some_and(|column| column.name == LABEL));
            let values = SampleValues::Numbers(Floats(self.errors.clone()));
            columns.insert(place, SampleColumn { name: RECONSTRUCTION_ERROR.into(), values });
        }
        columns
    }

    /// Description for the page.
    pub fn summary(&self) -> VectorSet {
        let impossible = || Decoding::Impossible { reason: NO_MODEL_OF_FILE.into() };
        VectorSet {
            name: self.name.clone(),
            count: self.vectors.len(),
            total: self.total,
            width: self.vectors.width(),
            are_held_out: self.are_held_out,
            are_coordinates: self.are_coordinates,
            columns: self.sample_columns(),
            decoding: self.model.as_ref().map_or_else(impossible, LatentModel::decoding),
            has_prior: self.model.as_ref().is_some_and(LatentModel::has_prior),
            thumbnails: self.samples.as_ref().and_then(thumbnails),
            warnings: self.warnings.clone(),
        }
    }

    /// Refuses indices that are none of a vector.
    ///
    /// # Errors
    /// When there is no such vector, or no index.
    pub fn check_indices(&self, indices: &[usize]) -> Result<(), EngineError> {
        let count = self.vectors.len();
        match indices.iter().find(|&&index| index >= count) {
            Some(index) => {
                Err(EngineError::setting("index", format!("There is no vector {}: the map has {count}.", index + 1)))
            }
            None if indices.is_empty() => Err(EngineError::State("Nothing is selected: select some points first.")),
            None => Ok(()),
        }
    }

    /// Code of a vector, or a code itself; `None` for a place on a map.
    ///
    /// # Errors
    /// When there is no such vector, or the code is of another width or not finite.
    pub fn code(&self, point: &CodePoint) -> Result<Option<Vec<f32>>, EngineError> {
        match point {
            CodePoint::Sample(index) => {
                self.check_indices(&[*index])?;
                Ok(Some(self.vectors.row(*index).to_vec()))
            }
            CodePoint::Code(Floats(code)) => {
                let width = self.vectors.width();
                if code.len() != width {
                    let message = format!("A code of this model has {width} numbers, and {} came.", code.len());
                    return Err(EngineError::setting("code", message));
                }
                if code.iter().any(|value| !value.is_finite()) {
                    return Err(EngineError::setting("code", "A number of the code is not finite: set it anew."));
                }
                Ok(Some(code.clone()))
            }
            CodePoint::Map(_) => Ok(None),
        }
    }
}
