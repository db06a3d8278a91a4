//! The autoencoder of a fitted detector, by which rows of a table have codes.

use std::rc::Rc;

use super::FittedDetector;
use crate::{
    AnomalyError,
    detector::{Detector, EncodedRows, Ensemble},
};

/// The autoencoder of a fitted detector.
#[derive(Clone, Debug)]
pub struct RowAutoencoder {
    detector: Rc<FittedDetector>,
}

impl RowAutoencoder {
    /// The autoencoder of `detector`.
    ///
    /// # Errors
    /// When its method is another: only a network has codes.
    pub fn new(detector: &Rc<FittedDetector>) -> Result<Self, AnomalyError> {
        match detector.detector() {
            Detector::Ensemble(_) => Ok(Self { detector: detector.clone() }),
            Detector::Pca(_) | Detector::IsolationForest { .. } => Err(AnomalyError::setting(
                "method",
                format!(
                    "This detector is {}, and has no code: train one by the method \"Autoencoder\" in the Tables lab.",
                    detector.detector().describe()
                ),
            )),
        }
    }

    /// The detector.
    pub const fn detector(&self) -> &Rc<FittedDetector> {
        &self.detector
    }

    fn ensemble(&self) -> &Ensemble {
        match self.detector.detector() {
            Detector::Ensemble(ensemble) => ensemble,
            Detector::Pca(_) | Detector::IsolationForest { .. } => unreachable!("`new` has refused other methods"),
        }
    }

    /// Features of a prepared row.
    pub fn width(&self) -> usize {
        self.detector.features()
    }

    /// Numbers of a code.
    pub fn latent_size(&self) -> usize {
        self.ensemble().latent_size()
    }

    /// Encodes and reconstructs prepared rows, whose missing cells are NaN.
    pub fn encode(&self, rows: &[f32]) -> EncodedRows {
        self.ensemble().encode(rows)
    }

    /// Prepared rows without gaps: missing cells are what the others make them expected to be.
    pub fn filled(&self, rows: &[f32]) -> Vec<f32> {
        self.ensemble().filled(rows)
    }

    /// Prepared rows of codes, [codes, features].
    pub fn decode(&self, codes: &[f32]) -> Vec<f32> {
        self.ensemble().decode(codes)
    }

    /// Names of the columns that it reads from a file: derived ones are in no file.
    pub fn columns(&self) -> Vec<String> {
        self.detector.column_names().into_iter().take(self.detector.read_columns()).collect()
    }

    /// Cells of the columns of a file, in its units, from the features of a row. A number that is compared with what is
    /// usual for its entity is that of the entity in the middle of all.
    pub fn cells(&self, features: &[f32]) -> Vec<String> {
        let (preparation, groups) = (self.detector.preparation(), self.detector.preparation().groups());
        let cell = |column: usize| {
            let own = &features[groups[column].features.clone()];
            let compared = || {
                let entities = self.detector.entities()?;
                let usual = entities.middle(column)?;
                entities.number(column, usual, preparation.number(column, own)?)
            };
            match compared() {
                Some(number) => crate::number_text::number(number, preparation.decimal),
                None => preparation.decoded_text(column, own),
            }
        };
        (0..self.detector.read_columns()).map(cell).collect()
    }
}
