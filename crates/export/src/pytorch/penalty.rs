//! Penalties on the code.

use pinhole_protocol::{
    Activation, BottleneckPlan, CheckedExperiment, LayerKind, LayerPlan, NetworkPlan, Normalisation, Part, Penalty,
    PenaltyKind,
};

use super::{
    autoencoder::{Autoencoder, Output},
    chain::Form,
    loss::{LossTerm, input_name, weighted},
    python::{number, times},
};

/// The term of a penalty.
pub(super) fn term(experiment: &CheckedExperiment, penalty: Penalty, autoencoder: &Autoencoder) -> LossTerm {
    let plan = experiment.plan();
    let code = Output::Code.name(plan);
    let on_code = |name, value: String| LossTerm {
        name,
        preparation: Vec::new(),
        value,
        weighted: weighted(penalty.weight),
        reads: vec![Output::Code],
    };
    match penalty.kind {
        PenaltyKind::L1 => on_code("l1_penalty", format!("{code}.abs().mean()")),
        PenaltyKind::KlSparsity { target } => {
            on_code("kl_sparsity_penalty", format!("kl_sparsity({code}, {})", number(target)))
        }
        PenaltyKind::Orthogonality => on_code("orthogonality_penalty", format!("orthogonality({code})")),
        PenaltyKind::TotalCorrelation => LossTerm {
            weighted: format!("{}{{}} / {}", times(penalty.weight), plan.input.len()),
            reads: vec![Output::Code, Output::Mu, Output::Logvar],
            ..on_code("total_correlation_penalty", "total_correlation(z, mu, logvar)".into())
        },
        PenaltyKind::Contractive => match exact_contraction(plan) {
            Some((preparation, value)) => LossTerm {
                reads: if preparation.is_empty() { Vec::new() } else { vec![Output::Code] },
                preparation,
                ..on_code("contractive_penalty", value)
            },
            None => LossTerm {
                reads: Vec::new(),
                ..on_code(
                    "contractive_penalty",
                    format!("contraction({}, {})", autoencoder.encoder_of("model"), input_name(experiment)),
                )
            },
        },
    }
}

/// The squared norm of the Jacobian of an encoder that is a single dense layer, if the derivative of its activation
/// follows from the code: lines before it, and the expression.
fn exact_contraction(plan: &NetworkPlan) -> Option<(Vec<String>, String)> {
    let layer = single_dense_layer(plan)?;
    let weight = if plan.bottleneck == BottleneckPlan::Variational {
        "model.mu.weight"
    } else if matches!(Form::of_input(plan.input), Form::Vector(_)) {
        "model.encoder[0].weight"
    } else {
        "model.encoder[1].weight"
    };
    let derivative = match layer.activation {
        Activation::Linear => return Some((Vec::new(), format!("{weight}.square().sum()"))),
        Activation::Relu => "(code > 0).float()",
        Activation::LeakyRelu => "torch.where(code > 0, 1.0, 0.01)",
        Activation::Elu => "1 + code.clamp(max=0)",
        Activation::Tanh => "1 - code**2",
        Activation::Sigmoid => "code * (1 - code)",
        Activation::Gelu | Activation::Silu => return None,
    };
    let preparation = vec![format!("derivative = {derivative}  # of the activation (Rifai et al. 2011)")];
    Some((preparation, format!("(derivative**2 * {weight}.square().sum(1)).sum(1).mean()")))
}

fn single_dense_layer(plan: &NetworkPlan) -> Option<&LayerPlan> {
    let mut layers = plan.layers.iter().filter(|layer| layer.part != Part::Decoder);
    let (Some(layer), None) = (layers.next(), layers.next()) else { return None };
    let is_plain = layer.kind == LayerKind::Dense
        && layer.normalisation == Normalisation::None
        && layer.dropout == 0.0
        && !matches!(plan.bottleneck, BottleneckPlan::TopK { .. });
    is_plain.then_some(layer)
}
