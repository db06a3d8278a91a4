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
use pinhole_protocol::{Agreement, ReferenceKind};
use serde::de::DeserializeOwned;

use self::fixture::{Case, Fixture};
use crate::EngineError;

pub use self::{devices::compare_devices, error::ReferenceError};

/// Compares every case of a file on `device`. `pause` yields to the event loop between cases.
///
/// # Errors
/// When the file cannot be read, a case does not match the engine, or the device fails.
pub async fn compare(
    reference: ReferenceKind,
    file: &[u8],
    device: &Device,
    pause: &impl AsyncFn(),
) -> Result<Vec<Agreement>, EngineError> {
    match reference {
        ReferenceKind::Networks => compare_cases(file, pause, async |case| networks::compare(case, device).await).await,
        ReferenceKind::Losses => compare_cases(file, pause, async |case| losses::compare(case, device).await).await,
        ReferenceKind::Optimisers => {
            compare_cases(file, pause, async |case| optimisers::compare(case, device).await).await
        }
        ReferenceKind::Corruptions => {
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
