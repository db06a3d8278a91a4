//! Reading of safetensors files that may be damaged, foreign or hostile: header, then tensors of 32-bit floats.

use safetensors::{Dtype, SafeTensorError, SafeTensors};

/// Reason for which a file's header or tensors were refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TensorFileError {
    /// Not a safetensors file at all.
    #[error("This is no model file ({0}): open a .safetensors file that Pinhole has saved.")]
    Unreadable(String),
    /// Shorter than its header says.
    #[error("The model file is cut short ({0}): copy or save it again.")]
    CutShort(&'static str),
    /// A header longer than any that Pinhole writes.
    #[error(
        "The model file claims a header of {claimed_bytes} bytes, and at most {max_bytes} are sensible: it is damaged or \
         no model."
    )]
    HeaderTooLarge {
        /// Length that the file claims.
        claimed_bytes: u64,
        /// Greatest length accepted.
        max_bytes: u64,
    },
    /// A tensor is missing, or is not what the network needs.
    #[error("The model file does not fit its own network: {name} {problem}.")]
    Tensor {
        /// Name of the tensor.
        name: String,
        /// Defect, as the rest of a sentence that begins with the name.
        problem: String,
    },
}

/// Text of a metadata entry; `None` if the file has no such entry. The header is read, the tensors are not.
///
/// # Errors
/// When the header is damaged or longer than `max_header_bytes`.
pub fn metadata(bytes: &[u8], key: &str, max_header_bytes: u64) -> Result<Option<String>, TensorFileError> {
    check_length(bytes, max_header_bytes)?;
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(explain)?;
    Ok(metadata.metadata().as_ref().and_then(|entries| entries.get(key)).cloned())
}

/// All tensors of a file whose header was read by [`metadata`].
///
/// # Errors
/// When header and data do not fit each other.
pub fn tensors(bytes: &[u8]) -> Result<SafeTensors<'_>, TensorFileError> {
    SafeTensors::deserialize(bytes).map_err(explain)
}

/// Checks the header length of the first eight bytes before the library reserves memory for it.
fn check_length(bytes: &[u8], max_bytes: u64) -> Result<(), TensorFileError> {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(TensorFileError::CutShort("it has fewer than 8 bytes"));
    };
    let claimed_bytes = u64::from_le_bytes(*length);
    if claimed_bytes > max_bytes {
        return Err(TensorFileError::HeaderTooLarge { claimed_bytes, max_bytes });
    }
    if claimed_bytes > rest.len() as u64 {
        return Err(TensorFileError::CutShort("it ends within its header"));
    }
    Ok(())
}

/// The library's error in our words.
fn explain(error: SafeTensorError) -> TensorFileError {
    match error {
        SafeTensorError::MetadataIncompleteBuffer => {
            TensorFileError::CutShort("its weights are not as long as its header says")
        }
        other => TensorFileError::Unreadable(other.to_string()),
    }
}

/// Values of a tensor of 32-bit floats, all finite, row-major.
///
/// # Errors
/// When it is missing, has another type or shape, or holds NaN or infinity.
pub fn floats(tensors: &SafeTensors, name: &str, shape: &[usize]) -> Result<Vec<f32>, TensorFileError> {
    let problem = |problem: String| TensorFileError::Tensor { name: name.to_owned(), problem };
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
