//! Reading of model files from untrusted bytes.

use pinhole_numerics::tensor_file::{self, TensorFileError, floats};
use pinhole_protocol::{CheckedExperiment, EpochRecord, migration::from_old_json};

use super::{
    FORMAT_VERSION, ModelFileError,
    header::{Header, KEY, Versions},
};
use crate::{network::NetworkWeights, training::RunState};

/// Largest header: a history of 10,000 epochs is 1 MB of JSON, and a checkpoint describes three or four tensors for
/// each of the network's in some hundred bytes.
const MAX_HEADER_BYTES: u64 = 4_000_000;

/// Checked content of a model file.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelFile {
    /// Experiment that trained the model.
    pub experiment: CheckedExperiment,
    /// Epochs done.
    pub history: Vec<EpochRecord>,
    /// Every tensor of the experiment's plan, finite and of the right size.
    pub weights: NetworkWeights,
    /// State of the run, if the file is a checkpoint.
    pub run_state: Option<RunState>,
}

/// Reads a model file.
///
/// # Errors
/// The first problem found. No bytes cause a panic, or an allocation of more than a few times their own length.
pub fn read(bytes: &[u8]) -> Result<ModelFile, ModelFileError> {
    let json = tensor_file::metadata(bytes, KEY, MAX_HEADER_BYTES)?.ok_or(ModelFileError::Foreign)?;
    let header = read_header(&json)?;
    let experiment = header.experiment.check().map_err(|error| ModelFileError::Experiment(error.to_string()))?;
    let tensors = tensor_file::tensors(bytes)?;
    let plans = experiment.plan().tensors();
    let weights = plans
        .iter()
        .map(|tensor| floats(&tensors, &tensor.name, &tensor.shape))
        .collect::<Result<_, TensorFileError>>()?;
    let run_state = header.run.map(|run| run.read(&tensors, &plans)).transpose()?;
    Ok(ModelFile { experiment, history: header.history, weights, run_state })
}

fn read_header(json: &str) -> Result<Header, ModelFileError> {
    let unreadable = |error: serde_json::Error| ModelFileError::Experiment(error.to_string());
    let Versions { format_version, app_version } = serde_json::from_str(json).map_err(unreadable)?;
    if format_version > FORMAT_VERSION {
        return Err(ModelFileError::TooNew { format_version, app_version });
    }
    let header =
        if format_version == FORMAT_VERSION { serde_json::from_str(json) } else { from_old_json(json, "/experiment") };
    header.map_err(unreadable)
}
