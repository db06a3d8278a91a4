//! Cases of a safetensors file that `tests/reference/family` writes with PyTorch.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};
use safetensors::SafeTensors;
use serde::de::DeserializeOwned;

use super::error::ReferenceError;

/// A file of cases, each with a name, parameters and tensors.
pub(super) struct Fixture<'a, Spec> {
    file: SafeTensors<'a>,
    cases: BTreeMap<String, Spec>,
}

impl<'a, Spec: DeserializeOwned> Fixture<'a, Spec> {
    /// Parses a file.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ReferenceError> {
        let (_, metadata) = SafeTensors::read_metadata(bytes)?;
        let specs = metadata.metadata().as_ref().and_then(|metadata| metadata.get("cases"));
        let cases = serde_json::from_str(specs.map_or("{}", String::as_str))?;
        Ok(Self { file: SafeTensors::deserialize(bytes)?, cases })
    }

    /// All cases in order of their names.
    pub fn cases(&self) -> impl Iterator<Item = Case<'_, Spec>> {
        self.cases.iter().map(|(name, spec)| Case { file: &self.file, name, spec })
    }
}

/// One case.
pub(super) struct Case<'a, Spec> {
    file: &'a SafeTensors<'a>,
    pub name: &'a str,
    pub spec: &'a Spec,
}

impl<Spec> Case<'_, Spec> {
    /// Shape and values of a tensor; `None` if the case does not have it.
    pub fn find(&self, tensor: &str) -> Option<(Vec<usize>, Vec<f32>)> {
        let view = self.file.tensor(&format!("{}/{tensor}", self.name)).ok()?;
        let values = view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        Some((view.shape().to_vec(), values))
    }

    /// Shape and values of a tensor, or an error without it.
    pub fn read(&self, tensor: &str) -> Result<(Vec<usize>, Vec<f32>), ReferenceError> {
        self.find(tensor).ok_or_else(|| self.mismatch(format!("has no {tensor}")))
    }

    /// Values of a tensor.
    pub fn values(&self, tensor: &str) -> Result<Vec<f32>, ReferenceError> {
        Ok(self.read(tensor)?.1)
    }

    /// A tensor [rows, width] on a device; a tensor of one dimension is one row.
    pub fn rows(&self, tensor: &str, device: &Device) -> Result<Tensor<2>, ReferenceError> {
        let (shape, values) = self.read(tensor)?;
        let width = shape.last().copied().unwrap_or(1);
        let rows = values.len() / width.max(1);
        Ok(Tensor::from_data(TensorData::new(values, [rows, width]), device))
    }

    /// An error of this case; `how` is the rest of a sentence.
    pub fn mismatch(&self, how: impl Into<String>) -> ReferenceError {
        ReferenceError::Mismatch { case: self.name.into(), how: how.into() }
    }
}
