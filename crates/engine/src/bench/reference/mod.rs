//! The whole family beside PyTorch: networks of every kind, losses, penalties and corruptions on the same numbers, forward
//! and backward, as `tests/reference/family` makes them. And one device beside another.

mod agreement;
mod corruptions;
mod devices;
mod fixture;
mod losses;
mod networks;
mod optimisers;
#[cfg(test)]
mod tests;

use burn::tensor::{Device, Tensor};
use pinhole_protocol::{Agreement, Reference};
use serde::de::DeserializeOwned;

pub use self::devices::compare_devices;

use self::fixture::{Case, Fixture};
use crate::{EngineError, read_back};

/// Why a file of reference values is none.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// No safetensors file.
    #[error("the reference cannot be read: {0}")]
    File(#[from] safetensors::SafeTensorError),
    /// Its metadata are no cases.
    #[error("the reference does not say what it is about: {0}")]
    Metadata(#[from] serde_json::Error),
    /// A case is not what the engine knows.
    #[error("{case} {how}")]
    Differs {
        /// The case's name.
        case: String,
        /// In what it differs.
        how: String,
    },
}

/// Compares every case of a file on `device`; between two cases `pause` lets the event loop turn.
///
/// # Errors
/// When the file is none, it asks for what the engine has not, or the device fails.
pub async fn compare(
    reference: Reference,
    file: &[u8],
    device: &Device,
    pause: &impl AsyncFn(),
) -> Result<Vec<Agreement>, EngineError> {
    match reference {
        Reference::Networks => each(file, pause, async |case| networks::compare(case, device).await).await,
        Reference::Losses => each(file, pause, async |case| losses::compare(case, device).await).await,
        Reference::Optimisers => each(file, pause, async |case| optimisers::compare(case, device).await).await,
        Reference::Corruptions => each(file, pause, async |case| corruptions::compare(case, device).await).await,
    }
}

async fn each<Head: DeserializeOwned>(
    file: &[u8],
    pause: &impl AsyncFn(),
    compare: impl AsyncFn(&Case<'_, Head>) -> Result<Agreement, EngineError>,
) -> Result<Vec<Agreement>, EngineError> {
    let mut agreements = Vec::new();
    for case in Fixture::read(file)?.cases() {
        agreements.push(compare(&case).await?);
        pause().await;
    }
    Ok(agreements)
}

async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, EngineError> {
    Ok(read_back::read(tensor).await?)
}
