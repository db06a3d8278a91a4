//! `pinhole encode`: codes of samples.

use pinhole_engine::latent::file::{vectors_csv, write_floats};

use super::{load, output::check_output};
use crate::{arguments::EncodeArguments, files};

/// Encodes samples and writes their codes.
pub async fn run(arguments: &EncodeArguments) -> anyhow::Result<()> {
    let files = arguments.samples.files.iter().map(|file| ("a file of samples", file.as_path()));
    let inputs: Vec<_> = files.chain([("the model", arguments.model.as_path())]).collect();
    check_output(&arguments.out, &["csv", "npy"], &inputs)?;
    let model = load::model(&arguments.model, arguments.device.into()).await?;
    let open = model.open(&arguments.samples, arguments.seed).await?;
    let bytes = if arguments.out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npy")) {
        write_floats(&[open.vectors.len(), open.vectors.width()], open.vectors.values())
    } else {
        vectors_csv(&open).into_bytes()
    };
    files::write(&arguments.out, &bytes)
}
