//! The networks of a finished run: that of the best epoch, and that of the last step.

use pinhole_protocol::{RunModel, RunModels};

use super::activity::ActiveRun;
use crate::{Model, training::PreviewSamples};

/// Both networks of a finished run, and the samples that show them.
pub(super) struct FinishedRun {
    best: Model,
    last: Model,
    models: RunModels,
    preview: PreviewSamples,
}

impl FinishedRun {
    /// The networks of `active`; `None` if its best epoch is its last, so that `last` is the only one.
    pub fn new(active: &ActiveRun, last: &Model) -> Option<Self> {
        let best_epoch = active.run.earlier_best_epoch()?;
        let models = RunModels {
            best_epoch,
            last_epoch: last.history().len(),
            has_more_steps: active.run.is_within_epoch(),
            current: RunModel::Best,
        };
        let preview = active.run.preview_samples().clone();
        Some(Self { best: active.model(), last: last.clone(), models, preview })
    }

    /// Chooses the network `which`.
    pub const fn choose(&mut self, which: RunModel) {
        self.models.current = which;
    }

    /// Description of both networks, with the one that is chosen.
    pub const fn models(&self) -> RunModels {
        self.models
    }

    /// The chosen network.
    pub const fn model(&self) -> &Model {
        match self.models.current {
            RunModel::Best => &self.best,
            RunModel::Last => &self.last,
        }
    }

    /// Held-out samples of the run.
    pub const fn preview(&self) -> &PreviewSamples {
        &self.preview
    }
}
