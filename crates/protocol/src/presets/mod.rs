//! Presets: named experiments, each with a claim, the measures that show it, and an aim.

mod aim;
mod codes;
mod dense;
mod labels;
mod pictures;
mod sequences;

use serde::Serialize;

pub use aim::{Aim, AimBound, AimFigure};

use crate::{Experiment, LearningRateSchedule, Measure, Schedule, TrainingStart};

/// Group of presets in a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PresetGroup {
    /// Dense autoencoders.
    Dense,
    /// Reconstruction and denoising of pictures, mostly by convolutions.
    Pictures,
    /// Constraints on the code.
    Codes,
    /// Pictures read row by row.
    Sequences,
    /// A second target or a second model.
    Labels,
}

impl PresetGroup {
    /// Every group, in the order of menus.
    pub const ALL: [Self; 5] = [Self::Dense, Self::Pictures, Self::Codes, Self::Sequences, Self::Labels];

    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dense => "Dense",
            Self::Pictures => "Copying and repairing",
            Self::Codes => "Shaping the code",
            Self::Sequences => "Sequences",
            Self::Labels => "Labels, transfer, distillation",
        }
    }
}

/// A named experiment with its description.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preset {
    /// Identifier in links and on the command line.
    pub name: &'static str,
    /// Name for display.
    pub title: &'static str,
    /// Group in menus.
    pub group: PresetGroup,
    /// Description, in one sentence.
    pub about: &'static str,
    /// Claim: the result to look for, in one sentence.
    pub look_for: &'static str,
    /// Measures that show the claim, the most important first.
    pub measures: &'static [Measure],
    /// Bounds on some of those measures at which the claim is plainly true; all hold after training with the preset's
    /// own settings on its own data.
    pub aim: Vec<Aim>,
    /// Start of the training run.
    pub start: TrainingStart,
    /// The experiment.
    pub experiment: Experiment,
}

impl Preset {
    /// Name of the shipped model that the run starts from, where no other is chosen; `None` for one with new weights.
    pub const fn base(&self) -> Option<&'static str> {
        match self.start {
            TrainingStart::Fresh | TrainingStart::Continue => None,
            TrainingStart::Transfer { .. } | TrainingStart::Distil => Some("article"),
        }
    }
}

/// Schedule of most presets: on a CPU, small batches learn most per second, and a rate that falls to 0 ends with the
/// error that a constant one reaches much later.
fn small_batches(epochs: usize, learning_rate: f32) -> Schedule {
    Schedule {
        epochs,
        batch_size: 32,
        learning_rate,
        learning_rate_schedule: LearningRateSchedule::Cosine,
        ..Schedule::default()
    }
}

/// Returns every preset; the first is the default.
pub fn presets() -> Vec<Preset> {
    [dense::presets(), pictures::presets(), codes::presets(), sequences::presets(), labels::presets()].concat()
}
