//! Terms of attributes: the regression head, and the ties of latent numbers.

use pinhole_protocol::{BottleneckPlan, CheckedExperiment, Tie, TieTarget};

use super::{
    autoencoder::Output,
    loss::{LossTerm, weighted},
};

/// The term of the regression head, if it has a weight.
pub(super) fn regression(experiment: &CheckedExperiment) -> Option<LossTerm> {
    let spec = experiment.spec();
    let head = spec.network.regression.as_ref().filter(|_| spec.objective.regression > 0.0)?;
    Some(LossTerm {
        name: "regression_loss",
        preparation: Vec::new(),
        value: format!("known_squared_error(prediction[:, 0], {})", target(experiment, &head.attribute)),
        weighted: weighted(spec.objective.regression),
        reads: vec![Output::Prediction],
    })
}

/// The sum of all ties, if it has a weight. A variational code is tied by its mean.
pub(super) fn tying(experiment: &CheckedExperiment) -> Option<LossTerm> {
    let objective = &experiment.spec().objective;
    let is_variational = experiment.plan().bottleneck == BottleneckPlan::Variational;
    let read = if is_variational { Output::Mu } else { Output::Code };
    let code = read.name(experiment.plan());
    let of_tie = |tie: &Tie| match &tie.target {
        TieTarget::Label { .. } => {
            let group = tie.latents();
            format!("F.cross_entropy({code}[:, {}:{}], labels, ignore_index=-1)", group.start, group.end)
        }
        TieTarget::Attribute(name) => {
            format!("known_squared_error({code}[:, {}], {})", tie.latent, target(experiment, name))
        }
    };
    let ties: Vec<String> = objective.ties.iter().map(of_tie).collect();
    let (preparation, value) = match ties.as_slice() {
        [] => return None,
        [tie] => (Vec::new(), tie.clone()),
        // A line per tie: together they would be too wide.
        ties => {
            let name = |index: usize| format!("tie_{}", index + 1);
            let lines = ties.iter().enumerate().map(|(index, tie)| format!("{} = {tie}", name(index)));
            (lines.collect(), (0..ties.len()).map(name).collect::<Vec<_>>().join(" + "))
        }
    };
    (objective.tying > 0.0).then(|| LossTerm {
        name: "tying_loss",
        preparation,
        value,
        weighted: weighted(objective.tying),
        reads: vec![read],
    })
}

/// Column of an attribute in a batch.
fn target(experiment: &CheckedExperiment, name: &str) -> String {
    let column = experiment.spec().attributes().iter().position(|attribute| *attribute == name).unwrap_or_default();
    format!("attributes[:, {column}]")
}
