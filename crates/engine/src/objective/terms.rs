//! The terms of an experiment's loss, and their sum.

use burn::tensor::Tensor;
use pinhole_protocol::{BottleneckPlan, CheckedExperiment, Objective, Term};

use super::{
    Batch, classification, divergence, fooling, penalty::penalty, quantisation, reconstruction::reconstruction,
};
use crate::network::{Autoencoder, Latent, Mode, Passage};

/// What is minimised on one batch, term by term; still on the device.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What the decoder read, [samples, numbers of the code]: what a discriminator learns from.
    pub code: Tensor<2>,
    weighted: Vec<WeightedTerm>,
}

#[derive(Clone, Debug)]
struct WeightedTerm {
    term: Term,
    /// [1], without the weight.
    value: Tensor<1>,
    weight: f32,
}

impl Terms {
    /// The sum of all terms, each times its weight: one number.
    ///
    /// # Panics
    /// Without a term; [`terms`] always gives a reconstruction error.
    pub fn total(&self) -> Tensor<1> {
        let weighted = self.weighted.iter().map(|term| scaled(term.value.clone(), term.weight));
        weighted.reduce(|sum, term| sum + term).expect("there is always a reconstruction error")
    }

    /// Which they are, as [`term_list`] has them.
    pub fn names(&self) -> Vec<Term> {
        self.weighted.iter().map(|term| term.term).collect()
    }

    /// Each term without its weight, and the weights: what is worth reading.
    pub fn losses(&self) -> Losses {
        let values = self.weighted.iter().map(|term| term.value.clone());
        Losses { values: joined(values.collect()), weights: self.weighted.iter().map(|term| term.weight).collect() }
    }
}

/// Terms of a loss, still on the device.
#[derive(Clone, Debug)]
pub struct Losses {
    /// [terms], without weights; what has no weight is not part of the sum.
    pub values: Tensor<1>,
    /// Of the terms.
    pub weights: Vec<f32>,
}

impl Losses {
    /// The sum and, after it, each of `values`, which were read. The host adds up: for the device it would be three more
    /// kernels a step for one number.
    pub fn row(&self, values: &[f32]) -> Vec<f32> {
        let sum: f64 = self.weights.iter().zip(values).map(|(w, v)| f64::from(*w) * f64::from(*v)).sum();
        std::iter::once(sum as f32).chain(values.iter().copied()).collect()
    }
}

/// `tensor` times `factor`; on the way back too, a factor of 1 is not worth a kernel.
#[expect(clippy::float_cmp, reason = "1 itself is meant")]
pub fn scaled(tensor: Tensor<1>, factor: f32) -> Tensor<1> {
    if factor == 1.0 { tensor } else { tensor.mul_scalar(factor) }
}

/// All of `parts`, one after the other; one alone is not worth a copy.
pub fn joined(mut parts: Vec<Tensor<1>>) -> Tensor<1> {
    if parts.len() == 1 { parts.remove(0) } else { Tensor::cat(parts, 0) }
}

/// What an experiment minimises, in order. A reconstruction error of weight 0 is among it, to be looked at; the
/// discriminator's own loss, which is not part of the sum, is not.
pub fn term_list(experiment: &CheckedExperiment) -> Vec<Term> {
    let of_the_code = match experiment.plan().bottleneck {
        BottleneckPlan::Variational => Some(Term::Divergence),
        BottleneckPlan::VectorQuantised { .. } => Some(Term::Quantisation),
        BottleneckPlan::Adversarial { .. } => Some(Term::Adversarial),
        BottleneckPlan::Plain | BottleneckPlan::TopK { .. } => None,
    };
    let of_the_labels = (!experiment.plan().head.is_empty()).then_some(Term::Classification);
    let penalties = experiment.spec().objective.penalties.iter().map(|penalty| Term::from(penalty.kind));
    [Some(Term::Reconstruction), of_the_code, of_the_labels].into_iter().flatten().chain(penalties).collect()
}

/// Sends a batch through the network and judges what came of it. `progress_share`, 0 to 1, is how much of the run lies
/// behind; weights that warm up depend on it.
pub fn terms(
    experiment: &CheckedExperiment,
    network: &Autoencoder,
    batch: &Batch,
    progress_share: f32,
    mode: &mut Mode,
) -> Terms {
    let passage = network.pass(batch.input.clone(), mode);
    let judgement = Judgement { experiment, network, batch, passage: &passage };
    let objective = &experiment.spec().objective;
    let weighted = term_list(experiment)
        .into_iter()
        .map(|term| WeightedTerm {
            term,
            value: judgement.value(term, mode),
            weight: weight(objective, term, progress_share),
        })
        .collect();
    Terms { code: passage.code, weighted }
}

/// What a term is multiplied by.
fn weight(objective: &Objective, term: Term, progress_share: f32) -> f32 {
    match term {
        Term::Reconstruction => objective.reconstruction,
        Term::Divergence if objective.beta_warm_up_share > 0.0 => {
            objective.beta * (progress_share / objective.beta_warm_up_share).min(1.0)
        }
        Term::Divergence => objective.beta,
        // The commitment's weight is within it.
        Term::Quantisation => 1.0,
        Term::Adversarial => objective.adversarial,
        Term::Classification => objective.classification,
        term => objective.penalties.iter().find(|penalty| Term::from(penalty.kind) == term).map_or(0.0, |p| p.weight),
    }
}

/// A batch that has passed, and what it is judged by.
pub(super) struct Judgement<'a> {
    pub experiment: &'a CheckedExperiment,
    pub network: &'a Autoencoder,
    pub batch: &'a Batch,
    pub passage: &'a Passage,
}

impl Judgement<'_> {
    /// One term, without its weight.
    fn value(&self, term: Term, mode: &mut Mode) -> Tensor<1> {
        let objective = &self.experiment.spec().objective;
        let code = || self.passage.code.clone();
        match (term, &self.passage.latent) {
            (Term::Reconstruction, _) => reconstruction(self),
            (Term::Divergence, Latent::Gaussian { mean, log_variance }) => {
                self.per_value(divergence(mean.clone(), log_variance.clone()))
            }
            (Term::Quantisation, Latent::Quantised { encoded, chosen }) => {
                quantisation(encoded.clone(), chosen.clone(), objective.commitment)
            }
            (Term::Adversarial, _) => fooling(self.network.discriminate(code())),
            (Term::Classification, _) => match &self.batch.labels {
                Some(labels) => classification(self.network.classify(code()), labels.clone()),
                None => Tensor::zeros([1], &code().device()),
            },
            (term, _) => {
                let asked = objective.penalties.iter().find(|penalty| Term::from(penalty.kind) == term);
                penalty(asked.expect("what is left of the list are the penalties").kind, self, mode)
            }
        }
    }

    /// Nats a sample as nats a value: then they add up with a reconstruction error that is a mean over values.
    pub fn per_value(&self, nats_per_sample: Tensor<1>) -> Tensor<1> {
        nats_per_sample.div_scalar(self.experiment.plan().input.len() as f32)
    }
}
