//! Variational bottleneck with the reparameterisation trick (Kingma and Welling, "Auto-Encoding Variational Bayes",
//! ICLR 2014, section 2.4): `z = mu + exp(logvar / 2) * epsilon`, epsilon from N(0, I).

use burn::tensor::Tensor;

use crate::network::step_rng::Mode;

/// Largest magnitude of a log variance: at exp(-12) a code is as good as certain, at exp(12) it is noise, and beyond
/// lies overflow.
const MAX_ABS_LOGVAR: f64 = 12.0;

/// Log variances within plus or minus 12, so that an untrained network does not overflow.
pub(super) fn clamp_logvar(logvar: Tensor<2>) -> Tensor<2> {
    logvar.clamp(-MAX_ABS_LOGVAR, MAX_ABS_LOGVAR)
}

/// The code z, [samples, latent size]: a sample of N(mu, exp(logvar)) in training, `mu` in inference.
pub(super) fn reparameterise(mu: &Tensor<2>, logvar: &Tensor<2>, mode: &mut Mode) -> Tensor<2> {
    match mode {
        Mode::Inference => mu.clone(),
        Mode::Training(rng) => {
            let epsilon = rng.normal(mu.dims(), &mu.device());
            mu.clone() + logvar.clone().mul_scalar(0.5).exp() * epsilon
        }
    }
}
