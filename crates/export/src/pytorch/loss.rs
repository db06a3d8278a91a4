//! `batch_loss`: the weighted sum of the terms that the autoencoder minimises.

use pinhole_protocol::{
    BottleneckPlan, CheckedExperiment, Objective, ReconstructionLoss, Scope, TieTarget, TrainingStart,
};

use super::{
    attributes,
    autoencoder::{Autoencoder, Output},
    corruption, penalty,
    python::{indented, number, times},
};

/// A term of the loss.
pub(super) struct LossTerm {
    /// Variable that holds it.
    pub name: &'static str,
    /// Lines before it, such as the derivative of an activation.
    pub preparation: Vec<String>,
    /// Expression of the term without its weight.
    pub value: String,
    /// Its part of the sum, where `{}` stands for the term.
    pub weighted: String,
    /// Tensors that it reads beside the reconstruction.
    pub reads: Vec<Output>,
}

impl LossTerm {
    /// True if it reads numeric attributes.
    fn reads_attributes(&self) -> bool {
        self.preparation.iter().chain([&self.value]).any(|line| line.contains("attributes["))
    }
}

/// Widest line of a sum.
const LINE_WIDTH: usize = 100;

/// The loss of an experiment.
pub(super) struct Loss<'a> {
    experiment: &'a CheckedExperiment,
    start: TrainingStart,
    terms: Vec<LossTerm>,
}

impl<'a> Loss<'a> {
    pub fn new(experiment: &'a CheckedExperiment, start: TrainingStart, autoencoder: &Autoencoder) -> Self {
        let objective = &experiment.spec().objective;
        let mut terms: Vec<LossTerm> = Vec::new();
        if objective.reconstruction > 0.0 {
            terms.push(reconstruction(objective, start));
        }
        terms.extend(bottleneck(experiment));
        if !experiment.plan().head.is_empty() && objective.classification > 0.0 {
            terms.push(classification(objective));
        }
        terms.extend(attributes::regression(experiment));
        terms.extend(attributes::tying(experiment));
        let penalties = objective.penalties.iter().filter(|penalty| penalty.weight > 0.0);
        terms.extend(penalties.map(|&penalty| penalty::term(experiment, penalty, autoencoder)));
        if terms.is_empty() {
            // The adversarial loss alone has a weight.
            terms.push(reconstruction(objective, start));
        }
        Self { experiment, start, terms }
    }

    /// Tensors that the forward pass returns after the reconstruction.
    pub fn outputs(&self) -> Vec<Output> {
        let adversarial = self.is_adversarial().then_some(Output::Code);
        let mut outputs: Vec<Output> =
            self.terms.iter().flat_map(|term| &term.reads).copied().chain(adversarial).collect();
        outputs.sort_unstable();
        outputs.dedup();
        outputs
    }

    /// Number of classes of the labels that it reads; `None` if it reads none.
    pub fn classes(&self) -> Option<usize> {
        let spec = self.experiment.spec();
        let of_head = spec.network.head.filter(|_| self.outputs().contains(&Output::Logits)).map(|head| head.classes);
        let of_ties =
            spec.objective.ties.iter().filter(|_| spec.objective.tying > 0.0).filter_map(|tie| match tie.target {
                TieTarget::Label { classes } => Some(classes),
                TieTarget::Attribute(_) => None,
            });
        of_head.into_iter().chain(of_ties).min()
    }

    /// True if it reads numeric attributes.
    pub fn reads_attributes(&self) -> bool {
        self.terms.iter().any(LossTerm::reads_attributes)
    }

    /// Variables of a batch, such as `x, labels`, each with a prefix.
    pub fn batch(&self, prefix: &str) -> Vec<String> {
        let names = [Some("x"), self.classes().map(|_| "labels"), self.reads_attributes().then_some("attributes")];
        names.into_iter().flatten().map(|name| format!("{prefix}{name}")).collect()
    }

    /// True if it returns the code too, for the discriminator.
    pub fn is_adversarial(&self) -> bool {
        matches!(self.experiment.plan().bottleneck, BottleneckPlan::Adversarial { .. })
    }

    /// The weight of the KL divergence, if it warms up: `beta` is then an argument of `batch_loss`.
    pub fn warm_up(&self) -> Option<(f32, f32)> {
        let Objective { beta, beta_warm_up_share, .. } = self.experiment.spec().objective;
        let is_used = self.terms.iter().any(|term| term.name == KL_DIVERGENCE);
        (is_used && beta_warm_up_share > 0.0).then_some((beta, beta_warm_up_share))
    }

    /// The function `batch_loss`.
    pub fn function(&self) -> String {
        let beta = self.warm_up().map_or(String::new(), |(beta, _)| format!(", beta={}", number(beta)));
        let lines = [self.input(), self.forward(), self.sum()].concat();
        let head = format!("def batch_loss(model, {}{beta}):", self.batch("").join(", "));
        [vec![head], indented(1, lines)].concat().join("\n")
    }

    /// Name of the network's input, the corrupted sample.
    fn input_name(&self) -> &'static str {
        input_name(self.experiment)
    }

    fn input(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if corruption::returns_mask(self.experiment) {
            lines.push("noisy, hidden = corrupt(x)".into());
        } else if self.input_name() == "noisy" {
            lines.push("noisy = corrupt(x)".into());
        }
        if self.start == TrainingStart::Distil {
            lines.push("with torch.no_grad():".into());
            lines.push(format!("    target = teacher({})  # distillation (Hinton et al. 2015)", self.input_name()));
        }
        lines
    }

    fn forward(&self) -> Vec<String> {
        let plan = self.experiment.plan();
        let outputs = self.outputs();
        let names: Vec<&str> =
            std::iter::once("reconstruction").chain(outputs.iter().map(|of| of.name(plan))).collect();
        vec![format!("{} = model({})", names.join(", "), self.input_name())]
    }

    fn sum(&self) -> Vec<String> {
        let code = if self.is_adversarial() { ", code" } else { "" };
        if let [LossTerm { preparation, value, weighted, .. }] = self.terms.as_slice()
            && weighted == "{}"
        {
            return [preparation.clone(), vec![format!("return {value}{code}")]].concat();
        }
        let mut lines = Vec::new();
        for LossTerm { name, preparation, value, .. } in &self.terms {
            lines.extend(preparation.iter().cloned());
            let comment = if *name == KL_DIVERGENCE { "  # nats per sample" } else { "" };
            lines.push(format!("{name} = {value}{comment}"));
        }
        let summands: Vec<String> = self.terms.iter().map(|term| term.weighted.replace("{}", term.name)).collect();
        let sum = summands.join(" + ");
        if sum.len() < LINE_WIDTH {
            lines.push(format!("return {sum}{code}"));
        } else {
            lines.push(format!("loss = {}", summands[0]));
            lines.extend(summands[1..].iter().map(|summand| format!("loss = loss + {summand}")));
            lines.push(format!("return loss{code}"));
        }
        lines
    }
}

/// Name of the network's input: the sample, or the corrupted sample.
pub(super) fn input_name(experiment: &CheckedExperiment) -> &'static str {
    if experiment.spec().objective.corruption.is_none() { "x" } else { "noisy" }
}

const KL_DIVERGENCE: &str = "kl_divergence";

/// `{}`, times a weight.
pub(super) fn weighted(weight: f32) -> String {
    times(weight) + "{}"
}

fn reconstruction(objective: &Objective, start: TrainingStart) -> LossTerm {
    let index = if objective.scope == Scope::Hidden { "[hidden]" } else { "" };
    let target = if start == TrainingStart::Distil { "target" } else { "x" };
    let pair = format!("reconstruction{index}, {target}{index}");
    let value = match objective.loss {
        ReconstructionLoss::Mse | ReconstructionLoss::FeatureMatching => format!("F.mse_loss({pair})"),
        ReconstructionLoss::Mae => format!("F.l1_loss({pair})"),
        ReconstructionLoss::Huber => format!("F.huber_loss({pair}, delta=0.1)"),
        ReconstructionLoss::BinaryCrossEntropy => format!("F.binary_cross_entropy({pair})"),
        ReconstructionLoss::Gaussian => {
            format!("F.gaussian_nll_loss({pair}, model.output_logvar.exp().expand_as({target}{index}), full=True)")
        }
        ReconstructionLoss::Ssim => format!("1 - ssim({pair})"),
    };
    LossTerm {
        name: "reconstruction_loss",
        preparation: Vec::new(),
        value,
        weighted: weighted(objective.reconstruction),
        reads: Vec::new(),
    }
}

/// The term that comes with the bottleneck.
fn bottleneck(experiment: &CheckedExperiment) -> Option<LossTerm> {
    let Objective { beta, beta_warm_up_share, commitment, .. } = experiment.spec().objective;
    match experiment.plan().bottleneck {
        BottleneckPlan::Variational if beta > 0.0 => {
            let factor = if beta_warm_up_share > 0.0 { "beta * ".to_owned() } else { times(beta) };
            Some(LossTerm {
                name: KL_DIVERGENCE,
                preparation: Vec::new(),
                value: "(mu**2 + logvar.exp() - 1 - logvar).sum(1).mean() / 2".into(),
                weighted: format!("{factor}{{}} / {}", experiment.plan().input.len()),
                reads: vec![Output::Mu, Output::Logvar],
            })
        }
        BottleneckPlan::VectorQuantised { .. } => Some(LossTerm {
            name: "quantisation_loss",
            preparation: Vec::new(),
            value: format!("F.mse_loss(z_q, z_e.detach()) + {}F.mse_loss(z_e, z_q.detach())", times(commitment)),
            weighted: "{}".into(),
            reads: vec![Output::ZE, Output::ZQ],
        }),
        _ => None,
    }
}

fn classification(objective: &Objective) -> LossTerm {
    LossTerm {
        name: "classification_loss",
        preparation: Vec::new(),
        value: "F.cross_entropy(logits, labels, ignore_index=-1)".into(),
        weighted: weighted(objective.classification),
        reads: vec![Output::Logits],
    }
}
