//! Checks of the properties that a code learns: ties, and the regression head.

use super::{SpecError, require};
use crate::{
    Activation, BottleneckPlan, Experiment, ImageSource, NetworkPlan, NetworkSpec, Objective, STROKE_ATTRIBUTES, Tie,
    TieTarget,
};

const FIELD: &str = "objective.ties";

pub(super) fn check(objective: &Objective, network: &NetworkSpec, plan: &NetworkPlan) -> Result<(), SpecError> {
    if let Some(head) = &network.regression {
        require(!head.attribute.trim().is_empty(), "network.regression", || {
            "the regression head has nothing to predict: name an attribute, such as slant, or a column of the table"
                .into()
        })?;
    }
    for (index, tie) in objective.ties.iter().enumerate() {
        check_tie(tie, network, plan)?;
        let is_free = objective.ties[..index].iter().all(|other| {
            let (one, other) = (tie.latents(), other.latents());
            one.end <= other.start || other.end <= one.start
        });
        require(is_free, FIELD, || {
            format!("latent {} is tied twice: choose another latent number for one of the two", tie.latent + 1)
        })?;
    }
    Ok(())
}

/// Checks that the source of the samples can have the attributes. Which columns a table has is checked when it is read.
pub(super) fn check_attributes(experiment: &Experiment) -> Result<(), SpecError> {
    let of_head = experiment.network.regression.as_ref().map(|head| head.attribute.as_str());
    for name in experiment.attributes() {
        let field = if of_head == Some(name) { "network.regression" } else { FIELD };
        let source = &experiment.data.source;
        let is_known = match source {
            ImageSource::Strokes => STROKE_ATTRIBUTES.contains(&name),
            ImageSource::TableRows => true,
            ImageSource::Digits8x8 | ImageSource::Opened => false,
        };
        require(is_known, field, || match source {
            ImageSource::Strokes => {
                let [one, other] = STROKE_ATTRIBUTES;
                format!("“{name}” is not known of generated digits: choose “{one}” or “{other}”")
            }
            _ => format!(
                "“{name}” is not known of these pictures: choose generated digits, or a column of a table's rows"
            ),
        })?;
    }
    Ok(())
}

fn check_tie(tie: &Tie, network: &NetworkSpec, plan: &NetworkPlan) -> Result<(), SpecError> {
    let is_vector = plan.code.height == 1 && plan.code.width == 1;
    let is_quantised = matches!(plan.bottleneck, BottleneckPlan::VectorQuantised { .. });
    require(is_vector && !is_quantised, FIELD, || {
        "only numbers of a vector code can be tied: choose a dense, variational or adversarial bottleneck".into()
    })?;
    let latents = tie.latents();
    require(latents.end <= plan.code.len(), FIELD, || {
        format!(
            "the code has {} numbers, and the tie needs latent {} to {}: begin with an earlier one, or enlarge the code",
            plan.code.len(),
            latents.start.saturating_add(1),
            latents.end
        )
    })?;
    match &tie.target {
        TieTarget::Label { classes } => require(*classes >= 2, FIELD, || {
            "a label has at least 2 classes, each with a latent number: tie 2 or more".into()
        }),
        TieTarget::Attribute(name) => {
            require(!name.trim().is_empty(), FIELD, || {
                "a tie has no attribute: name one, such as slant, or a column of the table".into()
            })?;
            require(!matches!(plan.bottleneck, BottleneckPlan::TopK { .. }), FIELD, || {
                "a top-k code sets most of its numbers to 0, tied or not: choose another bottleneck".into()
            })?;
            let activation = network.bottleneck.activation();
            require(matches!(activation, Activation::Linear | Activation::LeakyRelu), FIELD, || {
                format!(
                    "an attribute in standard deviations lies around 0, most of it out of reach of the code's {}: let the code be linear",
                    activation.label()
                )
            })
        }
    }
}
