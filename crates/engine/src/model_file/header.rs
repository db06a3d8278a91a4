//! What stands in a model file beside the weights.

use pinhole_protocol::{APP_VERSION, EpochRecord, Experiment};
use serde::{Deserialize, Serialize};

use super::FORMAT_VERSION;
use crate::Model;

/// The metadata key.
pub(super) const KEY: &str = "pinhole";

/// The versions, which are read first: what follows them may be unknown.
#[derive(Deserialize, Serialize)]
pub(super) struct Versions {
    pub format_version: u32,
    pub app_version: String,
}

/// Everything.
#[derive(Deserialize, Serialize)]
pub(super) struct Header {
    #[serde(flatten)]
    pub versions: Versions,
    pub experiment: Experiment,
    pub history: Vec<EpochRecord>,
    pub preparation: Preparation,
}

/// How a picture becomes an input.
#[derive(Deserialize, Serialize)]
pub(super) struct Preparation {
    /// Value of blank paper.
    pub paper: f32,
    /// Value of full ink.
    pub ink: f32,
    /// How a drawing is placed.
    pub placement: String,
}

impl Header {
    pub fn new(model: &Model) -> Self {
        Self {
            versions: Versions { format_version: FORMAT_VERSION, app_version: APP_VERSION.to_owned() },
            experiment: model.experiment().spec().clone(),
            history: model.history().to_vec(),
            preparation: Preparation {
                paper: 0.0,
                ink: 1.0,
                placement: "28x28 grey; a drawing is scaled into a 20x20 box and its centre of mass put in the middle"
                    .to_owned(),
            },
        }
    }
}
