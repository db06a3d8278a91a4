//! Cases that PyTorch computed, in a safetensors file that `tests/reference/family` makes.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};
use safetensors::SafeTensors;
use serde::de::DeserializeOwned;

use super::ReferenceError;

/// A file of cases, each with a name and a head that says what it is about.
pub(super) struct Fixture<'a, Head> {
    file: SafeTensors<'a>,
    cases: BTreeMap<String, Head>,
}

impl<'a, Head: DeserializeOwned> Fixture<'a, Head> {
    pub fn read(bytes: &'a [u8]) -> Result<Self, ReferenceError> {
        let (_, metadata) = SafeTensors::read_metadata(bytes)?;
        let heads = metadata.metadata().as_ref().and_then(|metadata| metadata.get("cases"));
        let cases = serde_json::from_str(heads.map_or("{}", String::as_str))?;
        Ok(Self { file: SafeTensors::deserialize(bytes)?, cases })
    }

    pub fn cases(&self) -> impl Iterator<Item = Case<'_, Head>> {
        self.cases.iter().map(|(name, head)| Case { file: &self.file, name, head })
    }
}

/// Tensors that belong together.
pub(super) struct Case<'a, Head> {
    file: &'a SafeTensors<'a>,
    pub name: &'a str,
    pub head: &'a Head,
}

impl<Head> Case<'_, Head> {
    /// A tensor's shape and values, if the case has it.
    pub fn find(&self, tensor: &str) -> Option<(Vec<usize>, Vec<f32>)> {
        let view = self.file.tensor(&format!("{}/{tensor}", self.name)).ok()?;
        let values = view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        Some((view.shape().to_vec(), values))
    }

    /// A tensor that must be there.
    pub fn read(&self, tensor: &str) -> Result<(Vec<usize>, Vec<f32>), ReferenceError> {
        self.find(tensor).ok_or_else(|| self.differs(format!("has no {tensor}")))
    }

    /// A tensor's values.
    pub fn values(&self, tensor: &str) -> Result<Vec<f32>, ReferenceError> {
        Ok(self.read(tensor)?.1)
    }

    /// A tensor of rows, on a device; of one dimension it is a single row.
    pub fn rows(&self, tensor: &str, device: &Device) -> Result<Tensor<2>, ReferenceError> {
        let (shape, values) = self.read(tensor)?;
        let width = shape.last().copied().unwrap_or(1);
        let rows = values.len() / width.max(1);
        Ok(Tensor::from_data(TensorData::new(values, [rows, width]), device))
    }

    /// An error about this case.
    pub fn differs(&self, how: impl Into<String>) -> ReferenceError {
        ReferenceError::Differs { case: self.name.into(), how: how.into() }
    }
}
