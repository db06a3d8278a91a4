//! Comparison with PyTorch, forward and backward, on the cases that `tests/reference/family` writes: networks of every
//! kind, losses, penalties, optimisers and corruptions. And comparison of one device with another.

mod agreement;
mod corruptions;
mod devices;
mod error;
mod fixture;
mod losses;
mod networks;
mod optimisers;
#[cfg(test)]
mod tests;

use burn::tensor::Device;
use pinhole_protocol::{Agreement, Reference};
use serde::de::DeserializeOwned;

use self::fixture::{Case, Fixture};
use crate::EngineError;

pub use self::{devices::compare_devices, error::ReferenceError};

/// Compares every case of a file on `device`. `pause` yields to the event loop between cases.
///
/// # Errors
/// When the file cannot be read, a case does not match the engine, or the device fails.
pub async fn compare(
    reference: Reference,
    file: &[u8],
    device: &Device,
    pause: &impl AsyncFn(),
) -> Result<Vec<Agreement>, EngineError> {
    match reference {
        Reference::Networks => compare_cases(file, pause, async |case| networks::compare(case, device).await).await,
        Reference::Losses => compare_cases(file, pause, async |case| losses::compare(case, device).await).await,
        Reference::Optimisers => compare_cases(file, pause, async |case| optimisers::compare(case, device).await).await,
        Reference::Corruptions => {
            compare_cases(file, pause, async |case| corruptions::compare(case, device).await).await
        }
    }
}

async fn compare_cases<Spec: DeserializeOwned>(
    file: &[u8],
    pause: &impl AsyncFn(),
    compare: impl AsyncFn(&Case<'_, Spec>) -> Result<Agreement, EngineError>,
) -> Result<Vec<Agreement>, EngineError> {
    let mut agreements = Vec::new();
    for case in Fixture::read(file)?.cases() {
        agreements.push(compare(&case).await?);
        pause().await;
    }
    Ok(agreements)
}
