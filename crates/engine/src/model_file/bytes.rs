//! Checked reading of safetensors files that may be damaged, foreign or malicious.

use safetensors::{Dtype, SafeTensorError, SafeTensors};

use super::ModelFileError;

/// Checks the header's length before the library reserves memory for it.
pub(crate) fn check_length(bytes: &[u8], most: u64) -> Result<(), ModelFileError> {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(ModelFileError::CutShort("it has fewer than 8 bytes"));
    };
    let claimed_bytes = u64::from_le_bytes(*length);
    if claimed_bytes > most {
        return Err(ModelFileError::HeaderTooLarge { claimed_bytes, most });
    }
    if claimed_bytes > rest.len() as u64 {
        return Err(ModelFileError::CutShort("it ends within its header"));
    }
    Ok(())
}

/// The library's error as a [`ModelFileError`].
pub(crate) fn explain(error: SafeTensorError) -> ModelFileError {
    match error {
        SafeTensorError::MetadataIncompleteBuffer => {
            ModelFileError::CutShort("its weights are not as long as its header says")
        }
        other => ModelFileError::Unreadable(other.to_string()),
    }
}

/// Reads a tensor of 32-bit floats of this shape; all values must be finite.
pub(crate) fn floats(tensors: &SafeTensors, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelFileError> {
    let problem = |problem: String| ModelFileError::Tensor { name: name.to_owned(), problem };
    let view = tensors.tensor(name).map_err(|_| problem("is missing".into()))?;
    if view.dtype() != Dtype::F32 {
        return Err(problem(format!("holds {:?} and not 32-bit floats", view.dtype())));
    }
    if view.shape() != shape {
        return Err(problem(format!("has shape {:?} where {shape:?} is needed", view.shape())));
    }
    let (values, _) = view.data().as_chunks::<4>();
    let values: Vec<f32> = values.iter().map(|value| f32::from_le_bytes(*value)).collect();
    if values.iter().all(|value| value.is_finite()) {
        Ok(values)
    } else {
        Err(problem("holds values that are no numbers (NaN or infinite)".into()))
    }
}
