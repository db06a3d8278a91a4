//! `pinhole sample`: new samples of a model.

use anyhow::bail;
use pinhole_engine::latent::{self, JobControl, LatentModel};
use pinhole_protocol::latent::CodePrior;

use super::{
    load::{self, LoadedModel},
    output::{check_output, write_samples},
};
use crate::arguments::SampleArguments;

/// Draws codes, decodes them, and writes the samples.
pub async fn run(arguments: &SampleArguments) -> anyhow::Result<()> {
    let files = arguments.samples.files.iter().map(|file| ("a file of samples", file.as_path()));
    let inputs: Vec<_> = files.chain([("the model", arguments.model.as_path())]).collect();
    check_output(&arguments.out, &["csv", "npy", "png"], &inputs)?;
    let model = load::model(&arguments.model, arguments.device.into()).await?;
    let control = JobControl::default();
    let has_data = !arguments.samples.files.is_empty() || arguments.samples.data.is_some();
    let (model, codes) = match model {
        LoadedModel::Network(model) if !has_data => {
            let latent_model = LatentModel::Network { model, rows: None };
            if !latent_model.has_prior() {
                bail!(
                    "this code has no prior to draw from: name samples behind the model, or choose --data, so that a mixture is fitted to their codes"
                );
            }
            latent_model.require_decoding()?;
            let network = latent_model.network().expect("it is a network of the Digits lab");
            let codes = network.draw_prior(arguments.count, arguments.seed).await?;
            (latent_model, codes)
        }
        model => {
            let open = model.open(&arguments.samples, arguments.seed).await?;
            let latent_model = open.model()?.clone();
            let prior = if latent_model.has_prior() { CodePrior::Prior } else { CodePrior::Mixture };
            let drawn = latent::draw_codes(&open, prior, arguments.count, arguments.seed, &control).await?;
            (latent_model, drawn.codes)
        }
    };
    let samples = model.decode_samples(codes, &control).await?;
    write_samples(&arguments.out, &samples, &model.decoding(), true)
}
