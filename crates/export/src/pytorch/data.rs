//! The place of the data, and their loaders.

use pinhole_protocol::{CheckedExperiment, GridShape, ImageSource};

use super::{
    chain::Form,
    loss::Loss,
    python::{shape, share_and_rest},
};

/// `data = ...`, the line that the reader fills, and the labels.
pub(super) fn place(experiment: &CheckedExperiment, loss: &Loss) -> String {
    let (spec, plan) = (experiment.spec(), experiment.plan());
    let mut lines = Vec::new();
    let values =
        if spec.data.source == ImageSource::TableRows { "prepared rows of a table" } else { "values from 0 to 1" };
    if plan.input == GridShape::MNIST && spec.data.source != ImageSource::TableRows {
        lines.push(
            "# Such as MNIST: torchvision.datasets.MNIST(\"data\", download=True).data[:, None] / 255".to_owned(),
        );
    }
    lines.push(format!("data = ...  # {}, {values}", batch_shape(plan.input)));
    if let Some(classes) = loss.classes() {
        let last = classes - 1;
        lines.push(format!("labels = ...  # [samples], 0 to {last}, or -1 for a sample without a label"));
    }
    if loss.reads_attributes() {
        let names = spec.attributes();
        lines.push(format!("# {} in standard deviations from the mean, nan where it is missing", names.join(", ")));
        lines.push(format!("attributes = ...  # [samples, {}]", names.len()));
    }
    if let Some(limit) = spec.data.limit {
        lines.extend(names(loss).iter().map(|name| format!("{name} = {name}[:{limit}]")));
    }
    lines.join("\n")
}

/// Names of the tensors of all samples.
fn names(loss: &Loss) -> Vec<String> {
    let beside_data = loss.batch("").split_off(1);
    std::iter::once("data".to_owned()).chain(beside_data).collect()
}

/// True if samples are held out for validation.
pub(super) fn has_validation(experiment: &CheckedExperiment) -> bool {
    experiment.spec().schedule.validation_share > 0.0
}

/// The split into training and validation, and the loaders. A step's batches are loaded as one.
pub(super) fn loaders(experiment: &CheckedExperiment, loss: &Loss) -> String {
    let schedule = &experiment.spec().schedule;
    let mut lines = Vec::new();
    let names = names(loss);
    let samples = if names.len() > 1 { format!("TensorDataset({})", names.join(", ")) } else { "data".into() };
    let samples_per_step = schedule.batch_size * schedule.accumulated_batches;
    if has_validation(experiment) {
        let (held_out, rest) = share_and_rest(schedule.validation_share);
        lines.push(format!("training, validation = random_split({samples}, [{rest}, {held_out}])"));
    } else {
        lines.push(format!("training = {samples}"));
    }
    lines.push(format!("training_loader = DataLoader(training, batch_size={samples_per_step}, shuffle=True)"));
    if has_validation(experiment) {
        lines.push(format!("validation_loader = DataLoader(validation, batch_size={})", schedule.batch_size));
    }
    lines.join("\n")
}

/// Shape of an input with the axis of samples, for comments.
pub(super) fn batch_shape(input: GridShape) -> String {
    let dims = shape(&Form::of_input(input).dims());
    format!("[samples, {}", &dims[1..])
}
