//! Checks of the objective, and of its compatibility with the network.

use super::{SpecError, require};
use crate::{
    Activation, BottleneckPlan, NetworkPlan, NetworkSpec, Noise, Normalisation, Objective, Penalty, PenaltyKind,
    ReconstructionLoss, Scope,
};

/// Largest weight of a term.
const MAX_WEIGHT: f32 = 1e6;

pub(super) fn check(objective: &Objective, network: &NetworkSpec, plan: &NetworkPlan) -> Result<(), SpecError> {
    check_loss(objective, network, plan)?;
    check_corruption(objective, plan)?;
    check_penalties(objective, network, plan)?;
    let weights = [
        ("objective.reconstruction", objective.reconstruction),
        ("objective.beta", objective.beta),
        ("objective.commitment", objective.commitment),
        ("objective.adversarial", objective.adversarial),
        ("objective.classification", objective.classification),
        ("objective.regression", objective.regression),
        ("objective.tying", objective.tying),
    ];
    for (field, weight) in weights {
        require((0.0..=MAX_WEIGHT).contains(&weight), field, || "a weight must be from 0 to a million".into())?;
    }
    require(has_positive_weight(objective, plan), "objective.reconstruction", || {
        "nothing is minimised, as every weight is 0: give the reconstruction error a weight of 1".into()
    })?;
    require((0.0..=1.0).contains(&objective.beta_warm_up_share), "objective.beta_warm_up_share", || {
        "warm up over 0 to all of the steps".into()
    })
}

fn has_positive_weight(objective: &Objective, plan: &NetworkPlan) -> bool {
    let code_weight = match plan.bottleneck {
        BottleneckPlan::Variational => objective.beta,
        // The codebook loss has no weight of its own.
        BottleneckPlan::VectorQuantised { .. } => 1.0,
        BottleneckPlan::Adversarial { .. } => objective.adversarial,
        BottleneckPlan::Plain | BottleneckPlan::TopK { .. } => 0.0,
    };
    let label_weight = if plan.head.is_empty() { 0.0 } else { objective.classification };
    let regression_weight = if plan.regression.is_some() { objective.regression } else { 0.0 };
    let tie_weight = if objective.ties.is_empty() { 0.0 } else { objective.tying };
    let penalties = objective.penalties.iter().map(|penalty| penalty.weight).sum::<f32>();
    objective.reconstruction + code_weight + label_weight + regression_weight + tie_weight + penalties > 0.0
}

fn check_loss(objective: &Objective, network: &NetworkSpec, plan: &NetworkPlan) -> Result<(), SpecError> {
    let loss = objective.loss;
    require(
        loss != ReconstructionLoss::BinaryCrossEntropy || network.output_activation == Activation::Sigmoid,
        "objective.loss",
        || {
            "binary cross-entropy reads the output as probabilities: let the network end in a sigmoid, or use the mean squared error".into()
        },
    )?;
    require(loss != ReconstructionLoss::Gaussian || network.learnt_variance, "objective.loss", || {
        "the Gaussian likelihood learns a variance: switch on the network's learnt variance, or use the mean squared error".into()
    })?;
    let is_picture = plan.input.height >= 11 && plan.input.width >= 11;
    require(is_picture || loss.is_elementwise(), "objective.loss", || {
        format!(
            "{} compares pictures of at least 11x11, and these inputs are none: use the mean squared error",
            loss.label()
        )
    })?;
    require(objective.scope == Scope::All || loss.is_elementwise(), "objective.scope", || {
        format!("{} compares whole pictures: take the loss on all values, or use the mean squared error", loss.label())
    })?;
    let hides = objective.corruption.noise.hides() && !objective.corruption.is_none();
    require(objective.scope == Scope::All || hides, "objective.scope", || {
        "the loss is taken on hidden values only, and nothing is hidden: choose a masking corruption".into()
    })
}

fn check_corruption(objective: &Objective, plan: &NetworkPlan) -> Result<(), SpecError> {
    let corruption = objective.corruption;
    require(
        corruption.noise == Noise::None || (0.0..=1.0).contains(&corruption.level),
        "objective.corruption",
        || "the noise level must be from 0 to 1".into(),
    )?;
    let is_vector = plan.input.height == 1 && plan.input.width == 1;
    let needs_picture = matches!(corruption.noise, Noise::Block | Noise::Blur | Noise::DownScaling);
    require(!(is_vector && needs_picture), "objective.corruption", || {
        format!(
            "{} is for pictures, and a table's row has no neighbours: hide columns instead",
            corruption.noise.label()
        )
    })
}

fn check_penalties(objective: &Objective, network: &NetworkSpec, plan: &NetworkPlan) -> Result<(), SpecError> {
    let penalties = &objective.penalties;
    for (index, penalty) in penalties.iter().enumerate() {
        check_penalty(*penalty, network, plan)?;
        let label = penalty.kind.label();
        require(penalties[..index].iter().all(|other| other.kind.label() != label), "objective.penalties", || {
            format!("{label} is there twice: keep one of them, with the weight of both")
        })?;
    }
    Ok(())
}

fn check_penalty(penalty: Penalty, network: &NetworkSpec, plan: &NetworkPlan) -> Result<(), SpecError> {
    const FIELD: &str = "objective.penalties";
    require((0.0..=MAX_WEIGHT).contains(&penalty.weight), FIELD, || "a weight must be from 0 to a million".into())?;
    match penalty.kind {
        PenaltyKind::KlSparsity { target } => {
            require(target > 0.0 && target < 1.0, FIELD, || {
                "the mean activation wanted must lie between 0 and 1 (0.05 is a good start)".into()
            })?;
            require(network.bottleneck.activation() == Activation::Sigmoid, FIELD, || {
                "KL sparsity reads the code as probabilities: give the code a sigmoid, or use L1 sparsity".into()
            })
        }
        PenaltyKind::TotalCorrelation => require(plan.bottleneck == BottleneckPlan::Variational, FIELD, || {
            "total correlation is measured on a variational code: choose that bottleneck, or use orthogonality".into()
        }),
        PenaltyKind::L1 | PenaltyKind::Contractive | PenaltyKind::Orthogonality => {
            let mixes_samples =
                penalty.kind == PenaltyKind::Contractive && network.normalisation == Normalisation::Batch;
            require(!mixes_samples, FIELD, || {
                "the contractive penalty moves each sample by itself, and batch normalisation mixes them: use layer normalisation".into()
            })?;
            let is_quantised = matches!(plan.bottleneck, BottleneckPlan::VectorQuantised { .. });
            require(!is_quantised, FIELD, || {
                "a quantised code has nothing left to penalise: remove the penalty, or choose another bottleneck".into()
            })
        }
    }
}
