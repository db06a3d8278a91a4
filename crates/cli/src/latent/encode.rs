//! `pinhole encode`: codes of samples.

use pinhole_engine::latent::file::{vectors_csv, write_floats};

use super::load;
use crate::{arguments::EncodeArguments, files};

/// Encodes samples and writes their codes.
pub async fn run(arguments: &EncodeArguments) -> anyhow::Result<()> {
    let model = load::model(&arguments.model, arguments.device.into()).await?;
    let open = model.open(&arguments.samples, arguments.seed).await?;
    let bytes = if arguments.out.extension().is_some_and(|extension| extension == "npy") {
        write_floats(&[open.vectors.len(), open.vectors.width()], open.vectors.values())
    } else {
        vectors_csv(&open).into_bytes()
    };
    files::write(&arguments.out, &bytes)
}
