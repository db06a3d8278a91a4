//! The JSON header of a model file: everything but the weights.

use pinhole_protocol::{APP_VERSION, CheckedExperiment, EpochRecord, Experiment, GridShape};
use serde::{Deserialize, Serialize};

use super::{FORMAT_VERSION, run_state::RunHeader};
use crate::training::RunState;

/// Key of the header in the file's metadata.
pub(super) const KEY: &str = "pinhole";

/// Versions, which are read first, as the rest may be unknown.
#[derive(Deserialize, Serialize)]
pub(super) struct Versions {
    pub format_version: u32,
    pub app_version: String,
}

/// The whole header.
#[derive(Deserialize, Serialize)]
pub(super) struct Header {
    #[serde(flatten)]
    pub versions: Versions,
    pub experiment: Experiment,
    pub history: Vec<EpochRecord>,
    pub preparation: PreparationHeader,
    /// The run that the model is a checkpoint of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunHeader>,
}

/// Preparation of a sample, for readers of the file without this program.
#[derive(Deserialize, Serialize)]
pub(super) struct PreparationHeader {
    /// Value of blank paper; rows of a table have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<f32>,
    /// Value of full ink.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ink: Option<f32>,
    /// Description of the values and their order.
    pub placement: String,
}

impl PreparationHeader {
    fn of(shape: GridShape) -> Self {
        let GridShape { channels, height, width } = shape;
        if height == 1 && width == 1 {
            let placement = format!(
                "{channels} prepared numbers of a table's row: numbers standardised, categories one value each"
            );
            return Self { paper: None, ink: None, placement };
        }
        let colour = match channels {
            1 => "grey",
            3 => "colour, channel by channel",
            _ => "channel by channel",
        };
        let placement = format!(
            "{height}x{width} {colour}, row by row; a drawing is scaled into a box of 20/28 of the shorter side and its centre of mass put in the middle"
        );
        Self { paper: Some(0.0), ink: Some(1.0), placement }
    }
}

impl Header {
    pub fn new(experiment: &CheckedExperiment, history: &[EpochRecord], run: Option<&RunState>) -> Self {
        Self {
            versions: Versions { format_version: FORMAT_VERSION, app_version: APP_VERSION.to_owned() },
            experiment: experiment.spec().clone(),
            history: history.to_vec(),
            preparation: PreparationHeader::of(experiment.plan().input),
            run: run.map(RunHeader::new),
        }
    }
}
