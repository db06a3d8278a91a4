//! The terms of an experiment's loss, and their weighted sum.

use burn::tensor::Tensor;
use pinhole_protocol::{BottleneckPlan, CheckedExperiment, Objective, Term};

use super::{
    adversarial::generator_loss,
    batch::Batch,
    classification::classification,
    context::LossContext,
    kl_divergence::kl_divergence,
    penalty::penalty,
    quantisation::quantisation,
    reconstruction::reconstruction_error,
    tying::{attribute_error, tying},
};
use crate::network::{Autoencoder, Latent, Mode};

/// The loss of one batch, term by term, on the device.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Code, [samples, latent size], on which a discriminator trains.
    pub code: Tensor<2>,
    weighted: Vec<WeightedTerm>,
}

#[derive(Clone, Debug)]
struct WeightedTerm {
    term: Term,
    /// `[1]`, without the weight.
    value: Tensor<1>,
    weight: f32,
}

impl Terms {
    /// Sum of all terms, each times its weight, `[1]`.
    ///
    /// # Panics
    /// Without a term; [`terms`] always gives a reconstruction error.
    pub fn total(&self) -> Tensor<1> {
        let weighted = self.weighted.iter().map(|term| scaled(term.value.clone(), term.weight));
        weighted.reduce(|sum, term| sum + term).expect("there is always a reconstruction error")
    }

    /// The terms in the order of [`term_list`].
    pub fn names(&self) -> Vec<Term> {
        self.weighted.iter().map(|term| term.term).collect()
    }

    /// Each term without its weight, and the weights: all that is read from the device.
    pub fn losses(&self) -> Losses {
        let values = self.weighted.iter().map(|term| term.value.clone());
        Losses { values: concat(values.collect()), weights: self.weighted.iter().map(|term| term.weight).collect() }
    }
}

/// Terms of a loss, on the device.
#[derive(Clone, Debug)]
pub struct Losses {
    /// Terms without weights, `[terms]`. Those beyond `weights` are not part of the sum.
    pub values: Tensor<1>,
    /// Weights of the terms.
    pub weights: Vec<f32>,
}

impl Losses {
    /// The weighted sum and, after it, each of `values`, as read from the device. The host adds up: on the device one
    /// number would cost three more kernels per step.
    pub fn with_total(&self, values: &[f32]) -> Vec<f32> {
        let sum: f64 = self.weights.iter().zip(values).map(|(w, v)| f64::from(*w) * f64::from(*v)).sum();
        std::iter::once(sum as f32).chain(values.iter().copied()).collect()
    }
}

/// `tensor` times `factor`; for a factor of 1 `tensor` itself, which saves a kernel forward and one backward.
#[expect(clippy::float_cmp, reason = "1 itself is meant")]
pub fn scaled(tensor: Tensor<1>, factor: f32) -> Tensor<1> {
    if factor == 1.0 { tensor } else { tensor.mul_scalar(factor) }
}

/// Concatenation of `parts`; a single part is not copied.
pub fn concat(mut parts: Vec<Tensor<1>>) -> Tensor<1> {
    if parts.len() == 1 { parts.remove(0) } else { Tensor::cat(parts, 0) }
}

/// The terms that an experiment minimises, in order. A reconstruction error of weight 0 is among them, as it is shown;
/// the discriminator's own loss, which is not part of the sum, is not.
pub fn term_list(experiment: &CheckedExperiment) -> Vec<Term> {
    let of_bottleneck = match experiment.plan().bottleneck {
        BottleneckPlan::Variational => Some(Term::Divergence),
        BottleneckPlan::VectorQuantised { .. } => Some(Term::Quantisation),
        BottleneckPlan::Adversarial { .. } => Some(Term::Adversarial),
        BottleneckPlan::Plain | BottleneckPlan::TopK { .. } => None,
    };
    let of_head = (!experiment.plan().head.is_empty()).then_some(Term::Classification);
    let of_regression = experiment.plan().regression.map(|_| Term::Regression);
    let objective = &experiment.spec().objective;
    let of_ties = (!objective.ties.is_empty()).then_some(Term::Tying);
    let penalties = objective.penalties.iter().map(|penalty| Term::from(penalty.kind));
    [Some(Term::Reconstruction), of_bottleneck, of_head, of_regression, of_ties]
        .into_iter()
        .flatten()
        .chain(penalties)
        .collect()
}

/// Forward pass of a batch and all terms of its loss. `progress_share`, 0 to 1, is the share of the run that is done;
/// weights that warm up depend on it.
pub fn terms(
    experiment: &CheckedExperiment,
    network: &Autoencoder,
    batch: &Batch,
    progress_share: f32,
    mode: &mut Mode,
) -> Terms {
    let forward = network.forward_with_mode(batch.input.clone(), mode);
    let context = LossContext { experiment, network, batch, forward: &forward };
    let objective = &experiment.spec().objective;
    let weighted = term_list(experiment)
        .into_iter()
        .map(|term| WeightedTerm {
            term,
            value: value(term, &context, mode),
            weight: weight(term, objective, progress_share),
        })
        .collect();
    Terms { code: forward.code, weighted }
}

/// Weight of a term in the sum.
fn weight(term: Term, objective: &Objective, progress_share: f32) -> f32 {
    match term {
        Term::Reconstruction => objective.reconstruction,
        Term::Divergence if objective.beta_warm_up_share > 0.0 => {
            objective.beta * (progress_share / objective.beta_warm_up_share).min(1.0)
        }
        Term::Divergence => objective.beta,
        // The commitment's weight is within the term.
        Term::Quantisation => 1.0,
        Term::Adversarial => objective.adversarial,
        Term::Classification => objective.classification,
        Term::Regression => objective.regression,
        Term::Tying => objective.tying,
        term => objective.penalties.iter().find(|penalty| Term::from(penalty.kind) == term).map_or(0.0, |p| p.weight),
    }
}

/// A term without its weight, `[1]`.
fn value(term: Term, context: &LossContext, mode: &mut Mode) -> Tensor<1> {
    let objective = &context.experiment.spec().objective;
    let code = || context.forward.code.clone();
    match (term, &context.forward.latent) {
        (Term::Reconstruction, _) => reconstruction_error(context),
        (Term::Divergence, Latent::Gaussian { mu, logvar }) => {
            context.nats_per_value(kl_divergence(mu.clone(), logvar.clone()))
        }
        (Term::Quantisation, Latent::Quantised { z_e, z_q }) => {
            quantisation(z_e.clone(), z_q.clone(), objective.commitment)
        }
        (Term::Adversarial, _) => generator_loss(context.network.discriminate(code())),
        (Term::Classification, _) => match &context.batch.labels {
            Some(labels) => classification(context.network.classify(code()), labels.clone()),
            None => Tensor::zeros([1], &code().device()),
        },
        (Term::Regression, _) => regression(context),
        (Term::Tying, latent) => {
            // A variational code is tied by its mean, as the draws around it are noise to the attribute.
            let code = if let Latent::Gaussian { mu, .. } = latent { mu.clone() } else { code() };
            tying(&objective.ties, &context.experiment.spec().attributes(), &code, context.batch)
        }
        (term, _) => {
            let found = objective.penalties.iter().find(|penalty| Term::from(penalty.kind) == term);
            penalty(found.expect("all other terms of the list are penalties").kind, context, mode)
        }
    }
}

/// Squared error of the regression head, in variances of its attribute; 0 if no sample has it.
fn regression(context: &LossContext) -> Tensor<1> {
    let code = context.forward.code.clone();
    let spec = context.experiment.spec();
    let head = spec.network.regression.as_ref().zip(context.network.regression());
    let error = head.and_then(|(head_spec, head)| {
        attribute_error(&head_spec.attribute, &spec.attributes(), head.standardised(code.clone()), context.batch)
    });
    error.unwrap_or_else(|| Tensor::zeros([1], &code.device()))
}
