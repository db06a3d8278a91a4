//! Experiments worth starting from, each with what it demonstrates and what to measure it by.

mod codes;
mod dense;
mod labels;
mod pictures;
mod sequences;

use serde::Serialize;

use crate::{Experiment, Measure, TrainingStart};

/// What a list of presets is divided into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PresetGroup {
    /// Dense hourglasses.
    Dense,
    /// Copying and repairing pictures.
    Pictures,
    /// What the code is made to be.
    Codes,
    /// Pictures read row by row.
    Sequences,
    /// More than one model or target.
    Labels,
}

impl PresetGroup {
    /// Every group, in the order a menu shows.
    pub const ALL: [Self; 5] = [Self::Dense, Self::Pictures, Self::Codes, Self::Sequences, Self::Labels];

    /// The name that people read.
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

/// A named experiment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preset {
    /// Name in links and on the command line.
    pub name: &'static str,
    /// Name that people read.
    pub title: &'static str,
    /// Where it stands in a list.
    pub group: PresetGroup,
    /// What it is, in one sentence.
    pub about: &'static str,
    /// What to look for, in one sentence.
    pub look_for: &'static str,
    /// What shows it, the most telling first.
    pub measures: &'static [Measure],
    /// What training starts from.
    pub start: TrainingStart,
    /// The experiment.
    pub experiment: Experiment,
}

/// Every preset; the first is the default.
pub fn presets() -> Vec<Preset> {
    [dense::presets(), pictures::presets(), codes::presets(), sequences::presets(), labels::presets()].concat()
}
