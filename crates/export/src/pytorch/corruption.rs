//! `corrupt`: the corruption of the input.

use pinhole_protocol::{CheckedExperiment, Corruption, Noise, Scope};

use super::{
    chain::Form,
    python::{self, number},
};

/// Standard deviation of the blur at level 1, in pixels.
const BLUR_PX: f32 = 4.0;

/// True if the loss is taken on the hidden values alone, so that `corrupt` returns their mask too.
pub(super) fn returns_mask(experiment: &CheckedExperiment) -> bool {
    experiment.spec().objective.scope == Scope::Hidden
}

/// The function `corrupt`; `None` if inputs are not changed.
pub(super) fn function(experiment: &CheckedExperiment) -> Option<String> {
    let corruption = experiment.spec().objective.corruption;
    if corruption.is_none() {
        return None;
    }
    let form = Form::of_input(experiment.plan().input);
    let body = match corruption.noise {
        Noise::None => return None,
        Noise::Gaussian | Noise::GaussianUnclipped => gaussian(corruption, form),
        Noise::SaltAndPepper | Noise::Masking | Noise::Block | Noise::Columns | Noise::Steps => {
            hiding(corruption, form, returns_mask(experiment))
        }
        Noise::Blur => filter("blur", corruption, BLUR_PX),
        Noise::DownScaling => filter("down_scale", corruption, 1.0),
    };
    Some(python::function("corrupt(x)", &description(corruption), body))
}

fn description(corruption: Corruption) -> String {
    let Corruption { noise, level, varied } = corruption;
    let strength = number(if noise == Noise::Blur { BLUR_PX * level } else { level });
    let level = if varied { format!("0 to {strength}") } else { strength };
    match noise {
        Noise::None => String::new(),
        Noise::Gaussian | Noise::GaussianUnclipped => {
            format!("Gaussian noise of standard deviation {level} (Vincent et al. 2010).")
        }
        Noise::SaltAndPepper => format!("Salt and pepper: a share {level} of the values becomes 0 or 1."),
        Noise::Masking => format!("Masking noise: a share {level} of the values becomes 0 (Vincent et al. 2008)."),
        Noise::Block => format!("Hides a rectangle with a share {level} of the picture."),
        Noise::Columns => format!("Hides a share {level} of the columns."),
        Noise::Steps => format!("Hides a share {level} of the steps, the rows of a picture."),
        Noise::Blur => format!("Gaussian blur of standard deviation {level} pixels."),
        Noise::DownScaling => format!("Lower resolution, by a share {level} of the pixels per axis."),
    }
}

/// The level as a factor; with one of its own for every sample in a tensor with `axes` axes of size 1, if it varies.
fn level(corruption: Corruption, axes: usize) -> String {
    let level = number(corruption.level);
    if corruption.varied { format!("{level} * torch.rand(len(x){})", ", 1".repeat(axes)) } else { level }
}

fn gaussian(corruption: Corruption, form: Form) -> Vec<String> {
    let noisy = format!("x + {} * torch.randn_like(x)", level(corruption, form.dims().len()));
    let is_clipped = corruption.noise == Noise::Gaussian && matches!(form, Form::Picture(_));
    vec![if is_clipped { format!("return ({noisy}).clamp(0, 1)") } else { format!("return {noisy}") }]
}

/// A corruption that hides values, and sets them to 0 or, as salt, to 1.
fn hiding(corruption: Corruption, form: Form, with_mask: bool) -> Vec<String> {
    let per_pixel = level(corruption, form.dims().len());
    let uniform = match form {
        // The same for all channels.
        Form::Picture(shape) if shape.channels > 1 => "torch.rand_like(x[:, :1])",
        _ => "torch.rand_like(x)",
    };
    let mut lines = Vec::new();
    let mut hidden_values = "x.masked_fill(hidden, 0)";
    match corruption.noise {
        Noise::SaltAndPepper => {
            hidden_values = "torch.where(hidden, (uniform < level / 2).float(), x)";
            lines.push(format!("level = {per_pixel}"));
            lines.push(format!("uniform = {uniform}"));
            lines.push("hidden = uniform < level".into());
        }
        Noise::Block => lines.push(format!("hidden = hidden_block(x, {})", level(corruption, 0))),
        Noise::Columns | Noise::Steps => lines.extend(hidden_lines(corruption, form)),
        _ => lines.push(format!("hidden = {uniform} < {per_pixel}")),
    }
    lines.push(if with_mask {
        format!("return {hidden_values}, hidden.expand_as(x)")
    } else {
        format!("return {hidden_values}")
    });
    lines
}

/// The mask of whole columns or rows of pixels, or of values of a vector: of each sample the same number.
fn hidden_lines(corruption: Corruption, form: Form) -> Vec<String> {
    let (all, index) = match (form, corruption.noise) {
        (Form::Picture(shape), Noise::Columns) => (shape.width, Some("[:, None, None, :]")),
        (Form::Picture(shape), _) => (shape.height, Some("[:, None, :, None]")),
        (form, _) => (form.dims().iter().product(), None),
    };
    let count = if corruption.varied {
        format!("({} * {all}).round().clamp(min=1)", level(corruption, 1))
    } else {
        ((corruption.level * all as f32).round() as usize).clamp(1, all).to_string()
    };
    let mut lines = vec![format!("count = {count}"), format!("hidden = torch.rand(len(x), {all}).argsort(1) < count")];
    lines.extend(index.map(|index| format!("hidden = hidden{index}")));
    lines
}

/// A filter of whole pictures; `scale` is its parameter at level 1.
fn filter(name: &str, corruption: Corruption, scale: f32) -> Vec<String> {
    let strength = number(scale * corruption.level);
    vec![if corruption.varied {
        format!("return torch.cat([{name}(picture, {strength} * torch.rand(()).item()) for picture in x.split(1)])")
    } else {
        format!("return {name}(x, {strength})")
    }]
}
