//! Model files: their experiment and tensors.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use pinhole_protocol::Experiment;
use safetensors::SafeTensors;

/// Content of a `.safetensors` file of Pinhole.
pub struct ModelFile {
    /// Experiment that the model was trained by.
    pub experiment: Experiment,
    /// Values of every tensor by name.
    pub tensors: BTreeMap<String, Vec<f32>>,
}

/// The tensor in which two files differ most.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Name of the tensor.
    pub tensor: String,
    /// Largest absolute difference of two of its values, divided by its largest absolute value.
    pub share: f32,
}

impl ModelFile {
    /// Parses a file.
    ///
    /// # Errors
    /// When it is no model file of Pinhole.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let (_, header) = SafeTensors::read_metadata(bytes)?;
        let metadata = header.metadata().as_ref().and_then(|metadata| metadata.get("pinhole"));
        let about: serde_json::Value = serde_json::from_str(metadata.context("Pinhole's own metadata")?)?;
        let experiment = serde_json::from_value(about["experiment"].clone()).context("the experiment in the file")?;
        let tensors = SafeTensors::deserialize(bytes)?
            .iter()
            .map(|(name, view)| {
                let values = view.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
                (name.to_owned(), values.collect())
            })
            .collect();
        Ok(Self { experiment, tensors })
    }

    /// Tensors whose names begin with `prefix`.
    pub fn part(&self, prefix: &str) -> BTreeMap<&str, &[f32]> {
        let tensors = self.tensors.iter().filter(|(name, _)| name.starts_with(prefix));
        tensors.map(|(name, values)| (name.as_str(), values.as_slice())).collect()
    }

    /// The tensor in which two files with the same tensors differ most.
    ///
    /// # Errors
    /// When their tensors differ in name or length, or a value is not finite.
    pub fn difference(&self, other: &Self) -> Result<Difference> {
        ensure!(self.tensors.keys().eq(other.tensors.keys()), "the files hold different tensors");
        let mut worst = Difference { tensor: "none".into(), share: 0.0 };
        for ((name, ours), theirs) in self.tensors.iter().zip(other.tensors.values()) {
            ensure!(ours.len() == theirs.len(), "{name} has {} and {} values", ours.len(), theirs.len());
            ensure!(ours.iter().chain(theirs).all(|value| value.is_finite()), "{name} holds what is no number");
            let largest = ours.iter().fold(f32::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
            let apart = ours.iter().zip(theirs).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max);
            if apart / largest > worst.share {
                worst = Difference { tensor: name.clone(), share: apart / largest };
            }
        }
        Ok(worst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(weights: [f32; 2]) -> ModelFile {
        let tensors = [("encoder.0.weight".into(), weights.into()), ("decoder.0.bias".into(), vec![1.0])];
        ModelFile { experiment: Experiment::default(), tensors: tensors.into() }
    }

    #[test]
    fn the_most_different_tensor_is_found() {
        let difference = file([0.5, -2.0]).difference(&file([0.5, -1.5])).expect("the same tensors");
        assert_eq!((difference.tensor.as_str(), difference.share), ("encoder.0.weight", 0.25));
        assert_eq!(file([1.0, 2.0]).part("encoder.").len(), 1);
        assert!(file([1.0, 2.0]).difference(&file([1.0, f32::NAN])).is_err());
    }
}
