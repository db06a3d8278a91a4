//! `model = Autoencoder()`, its initial weights, and the other networks of a run.

use pinhole_protocol::{BottleneckPlan, CheckedExperiment, Reuse, TrainingStart};

use super::{
    autoencoder::{Autoencoder, chain_of},
    chain::Form,
    data::batch_shape,
    optimiser,
};

/// The model that training starts from, its discriminator and its teacher.
pub(super) fn model(experiment: &CheckedExperiment, autoencoder: &Autoencoder, start: TrainingStart) -> String {
    let plan = experiment.plan();
    let mut lines = vec!["model = Autoencoder()".to_owned()];
    match start {
        TrainingStart::Fresh => {}
        TrainingStart::Continue => {
            lines.insert(0, "trained = ...  # state_dict() of the model that is trained further".into());
            lines.push("model.load_state_dict(trained)".into());
        }
        TrainingStart::Transfer { reuse } => {
            lines.insert(0, "trained = ...  # state_dict() of a trained model".into());
            lines.extend(transfer(autoencoder, reuse));
        }
        TrainingStart::Distil => {
            let batch = batch_shape(plan.input);
            lines.insert(0, format!("teacher = ...  # a trained model in evaluation mode, {batch} to the same"));
        }
    }
    lines.extend(optimiser::freezing(&experiment.spec().schedule, autoencoder));
    if let BottleneckPlan::Adversarial { .. } = plan.bottleneck {
        let chain = chain_of(&plan.discriminator, Form::Vector(plan.code.len()));
        lines.extend(chain.definition("discriminator"));
    }
    lines.join("\n")
}

/// Lines that load the reused parts of a trained model.
fn transfer(autoencoder: &Autoencoder, reuse: Reuse) -> Vec<String> {
    let parts = match reuse {
        Reuse::All => [autoencoder.encoder_attributes(), vec!["decoder"]].concat(),
        Reuse::Encoder => autoencoder.encoder_attributes(),
        Reuse::Decoder => vec!["decoder"],
    };
    let reused = match parts.as_slice() {
        [part] => format!("name.startswith(\"{part}\")"),
        parts => format!("name.startswith({})", format!("{parts:?}").replace('[', "(").replace(']', ")")),
    };
    vec![
        format!("reused = {{name: weight for name, weight in trained.items() if {reused}}}"),
        "model.load_state_dict(reused, strict=False)  # the rest keeps its initial weights".into(),
    ]
}
