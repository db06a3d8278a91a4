//! `pinhole decode`: samples of codes.

use anyhow::ensure;
use pinhole_engine::latent::JobControl;

use super::{
    load,
    output::{check_output, write_samples},
};
use crate::arguments::DecodeArguments;

/// Decodes the codes of a file and writes the samples.
pub async fn run(arguments: &DecodeArguments) -> anyhow::Result<()> {
    let inputs = [("the file of codes", arguments.codes.as_path()), ("the model", &arguments.model)];
    check_output(&arguments.out, &["csv", "npy", "png"], &inputs)?;
    let model = load::model(&arguments.model, arguments.device.into()).await?;
    let model = model.without_samples(arguments.table.as_deref(), &arguments.reading).await?;
    let codes = load::vectors(&arguments.codes).await?.vectors;
    ensure!(
        codes.width() == model.latent_size(),
        "{} has vectors of {} numbers, and a code of this model has {}",
        arguments.codes.display(),
        codes.width(),
        model.latent_size()
    );
    let samples = model.decode_samples(codes.values().to_vec(), &JobControl::default()).await?;
    write_samples(&arguments.out, &samples, &model.decoding(), false)
}
