//! New codes, and the samples that are decoded from them.

use pinhole_latent::{
    Stepper as _, Vectors,
    sampling::{GaussianMixture, MixtureSearch, SampleQualityCheck},
};
use pinhole_protocol::{
    Floats,
    latent::{CodePrior, DrawnSamples, LatentActivity, SamplingQuality},
};

use super::{JobControl, LatentModel, OpenVectors, VectorSamples};
use crate::EngineError;

/// Most drawn samples.
pub const MAX_DRAWN: usize = 20_000;
/// Codes that a mixture is fitted to, at most, and its numbers of components.
const MAX_FITTED: usize = 4_000;
const SIZES: [usize; 8] = [1, 2, 3, 5, 8, 12, 18, 25];
/// Drawn, held-out and training samples that are compared, at most.
const MAX_COMPARED: [usize; 3] = [500, 1_000, 2_000];

const NO_PRIOR: EngineError = EngineError::State(
    "This code has no prior to draw from: only a variational or adversarial code has one. Draw from a mixture instead.",
);
const NOT_SMOOTH: &str =
    "Nothing in training made this space smooth: between the codes of samples, what is drawn need not look like one.";

/// Codes that were drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnCodes {
    /// The codes, one after the other.
    pub codes: Vec<f32>,
    /// Components of the mixture; `None` for a prior.
    pub components: Option<usize>,
}

/// Refuses a draw that cannot be made.
///
/// # Errors
/// When the count is out of range, there is no prior or no code to fit a mixture to, or a code alone cannot be decoded.
pub fn check_draw(open: &OpenVectors, prior: CodePrior, count: usize) -> Result<(), EngineError> {
    let model = open.model()?;
    model.require_decoding()?;
    if !(1..=MAX_DRAWN).contains(&count) {
        return Err(EngineError::setting("count", format!("{count} is out of range: choose from 1 to {MAX_DRAWN}.")));
    }
    if prior == CodePrior::Prior && !model.has_prior() { Err(NO_PRIOR) } else { Ok(()) }
}

/// Draws codes.
///
/// # Errors
/// As [`check_draw`], or when the device fails.
pub async fn draw_codes(
    open: &OpenVectors,
    prior: CodePrior,
    count: usize,
    seed: u64,
    control: &JobControl,
) -> Result<DrawnCodes, EngineError> {
    check_draw(open, prior, count)?;
    if prior == CodePrior::Prior {
        let model = open.model()?.network().ok_or(NO_PRIOR)?;
        return Ok(DrawnCodes { codes: model.draw_prior(count, seed).await?, components: None });
    }
    let mixture = if let Some(mixture) = open.mixture.get() {
        mixture
    } else {
        let fitted = fit_mixture(open, seed, control).await?;
        // Another request may have fitted one meanwhile, which is as good.
        open.mixture.get_or_init(|| fitted)
    };
    let codes = mixture.draw(count, seed).values().to_vec();
    Ok(DrawnCodes { codes, components: Some(mixture.components()) })
}

/// Codes that a mixture is fitted to: those of training samples, as held-out ones judge what is drawn from it; those of
/// all vectors where the training samples are not known.
async fn fitted_codes(open: &OpenVectors, control: &JobControl) -> Result<Vectors, EngineError> {
    let (model, all) = (open.model()?, &open.vectors);
    let trained = real_samples(open, model).map_or_else(Vec::new, |real| real.trained);
    if trained.len() / model.input_width() > 1 {
        return Ok(Vectors::new(model.encode(&trained, control).await?, all.width())?);
    }
    let stride = all.len().div_ceil(MAX_FITTED).max(1);
    Ok(Vectors::new(all.rows().step_by(stride).flatten().copied().collect(), all.width())?)
}

async fn fit_mixture(open: &OpenVectors, seed: u64, control: &JobControl) -> Result<GaussianMixture, EngineError> {
    let codes = fitted_codes(open, control).await?;
    let mut search = MixtureSearch::new(&codes, &SIZES, seed)?;
    loop {
        if let Some(mixture) = search.advance() {
            return Ok(mixture);
        }
        control.report(LatentActivity::Drawing, 0, 0);
        control.pause().await;
    }
}

/// Draws codes, decodes them, and compares the samples with real ones.
///
/// # Errors
/// As [`draw_codes`].
pub async fn draw(
    open: &OpenVectors,
    prior: CodePrior,
    count: usize,
    seed: u64,
    control: &JobControl,
) -> Result<DrawnSamples, EngineError> {
    let DrawnCodes { codes, components } = draw_codes(open, prior, count, seed, control).await?;
    let model = open.model()?;
    let values = model.decode(&codes, control).await?;
    let quality = quality(open, model, &values, seed, control).await?;
    let content = model.content(&values);
    let samples = pinhole_protocol::latent::DecodedSamples { count, codes: Floats(codes), content };
    let warning = (!model.has_prior()).then(|| NOT_SMOOTH.to_owned());
    Ok(DrawnSamples { prior, components, samples, quality, warning })
}

/// Figures of drawn samples; NaN where there are no samples to compare with.
async fn quality(
    open: &OpenVectors,
    model: &LatentModel,
    drawn: &[f32],
    seed: u64,
    control: &JobControl,
) -> Result<SamplingQuality, EngineError> {
    let unknown = SamplingQuality { distance_to_held_out: f32::NAN, usual_distance: f32::NAN, copied_share: f32::NAN };
    let width = model.input_width();
    let Some(RealSamples { held_out, trained }) = real_samples(open, model) else { return Ok(unknown) };
    let knows_trained = trained.len() / width >= 2;
    if held_out.len() / width < 2 {
        return Ok(unknown);
    }
    let drawn = Vectors::new(drawn[..drawn.len().min(MAX_COMPARED[0] * width)].to_vec(), width)?;
    let training = Vectors::new(if knows_trained { trained } else { held_out.clone() }, width)?;
    let held_out = Vectors::new(held_out, width)?;
    let mut check = SampleQualityCheck::new(&drawn, &held_out, &training, seed)?;
    let found = loop {
        if let Some(found) = check.advance() {
            break found;
        }
        control.pause().await;
    };
    Ok(SamplingQuality {
        distance_to_held_out: found.distance_to_held_out as f32,
        usual_distance: found.usual_distance as f32,
        copied_share: if knows_trained { found.copied_share as f32 } else { f32::NAN },
    })
}

/// Values of real samples, one after the other.
pub(super) struct RealSamples {
    /// Samples that the network was not trained on.
    pub held_out: Vec<f32>,
    /// Samples that it was trained on; empty if they are not known.
    pub trained: Vec<f32>,
}

/// Real samples of the network, as many as are compared.
pub(super) fn real_samples(open: &OpenVectors, model: &LatentModel) -> Option<RealSamples> {
    let samples = open.samples.as_ref()?;
    let mut is_trained = vec![false; samples.len()];
    let [_, most_held_out, most_trained] = MAX_COMPARED;
    let trained = match samples {
        VectorSamples::Set { set, indices } => {
            let trained: std::collections::HashSet<u32> = open.trained.iter().copied().collect();
            is_trained.iter_mut().zip(indices).for_each(|(is_trained, index)| *is_trained = trained.contains(index));
            set.values_of(open.trained.iter().take(most_trained).map(|&index| index as usize))
        }
        VectorSamples::Rows { .. } => {
            open.trained.iter().for_each(|&place| is_trained[place as usize] = true);
            samples.inputs(open.trained.iter().take(most_trained).map(|&place| place as usize))
        }
    };
    let held_out = samples.inputs((0..samples.len()).filter(|&place| !is_trained[place]).take(most_held_out));
    let filled = |values: Vec<f32>| match model {
        LatentModel::Network { .. } => values,
        LatentModel::Detector(autoencoder) => autoencoder.filled(&values),
    };
    Some(RealSamples { held_out: filled(held_out), trained: filled(trained) })
}
