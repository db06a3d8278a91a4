//! `augment`: random shifts, rotations and elastic distortion of the training pictures.

use pinhole_protocol::{Augmentation, CheckedExperiment};

use super::python::{self, number};

/// True if pictures are augmented.
pub(super) fn is_used(experiment: &CheckedExperiment) -> bool {
    !experiment.spec().schedule.augmentation.is_none()
}

/// The function `augment`; `None` if pictures are not augmented.
pub(super) fn function(experiment: &CheckedExperiment) -> Option<String> {
    let augmentation = experiment.spec().schedule.augmentation;
    is_used(experiment).then(|| python::function("augment(x)", &description(augmentation), body(augmentation)))
}

fn description(augmentation: Augmentation) -> String {
    let Augmentation { shift_px, rotation_degrees, elastic_px } = augmentation;
    let parts = [
        (shift_px, format!("shifted by up to {} pixels", number(shift_px))),
        (rotation_degrees, format!("rotated by up to {} degrees", number(rotation_degrees))),
        (elastic_px, format!("distorted by up to {} pixels", number(elastic_px))),
    ];
    let used: Vec<String> = parts.into_iter().filter(|(limit, _)| *limit > 0.0).map(|(_, text)| text).collect();
    format!("Pictures, each {}.", used.join(", "))
}

/// Every pixel reads the picture at the coordinates `across` and `down`, counted from the middle.
fn body(augmentation: Augmentation) -> Vec<String> {
    let Augmentation { shift_px, rotation_degrees, elastic_px } = augmentation;
    let shift = if shift_px > 0.0 { format!(" + uniform({})", number(shift_px)) } else { String::new() };
    let mut lines = vec![
        "samples, _, height, width = x.shape".to_owned(),
        "uniform = lambda limit: limit * (2 * torch.rand(samples, 1, 1) - 1)".into(),
        "row = torch.arange(height)[:, None] - (height - 1) / 2".into(),
        "column = torch.arange(width) - (width - 1) / 2".into(),
    ];
    if rotation_degrees > 0.0 {
        lines.push(format!("angle = uniform(math.radians({}))", number(rotation_degrees)));
        lines.push(format!("across = angle.cos() * column + angle.sin() * row{shift}"));
        lines.push(format!("down = angle.cos() * row - angle.sin() * column{shift}"));
    } else {
        lines.push(format!("across = column + torch.zeros(samples, height, 1){shift}"));
        lines.push(format!("down = row + torch.zeros(samples, 1, width){shift}"));
    }
    if elastic_px > 0.0 {
        lines.push(format!("strength = uniform({}).abs()", number(elastic_px)));
        lines.push("across = across + strength * smooth_field(samples, height, width)".into());
        lines.push("down = down + strength * smooth_field(samples, height, width)".into());
    }
    lines.push("grid = torch.stack([2 * across / (width - 1), 2 * down / (height - 1)], -1)".into());
    lines.push("return F.grid_sample(x, grid, padding_mode=\"border\", align_corners=True)".into());
    lines
}
