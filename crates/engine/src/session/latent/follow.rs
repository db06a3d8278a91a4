//! Snapshots of a run's held-out codes, after every epoch.

use pinhole_protocol::Event;

use super::{
    super::{activity::Activity, state::Session},
    Followed,
    running_job::{JobOutcome, RunningJob},
};
use crate::{
    EngineError,
    latent::{self, LatentModel},
};

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    /// Begins or ends sending snapshots. The first comes at once, if a network is trained.
    pub(super) fn follow_run(&mut self, is_on: bool) -> Result<(), EngineError> {
        self.latent.followed = is_on.then(Followed::default);
        self.begin_snapshot();
        Ok(())
    }

    /// Begins a snapshot, if a run has finished an epoch since the last. The codes are those of the network of this moment.
    pub(super) fn begin_snapshot(&mut self) {
        let Some(followed) = self.latent.followed.as_mut().filter(|followed| followed.job.is_none()) else { return };
        let Some(Activity::Training(active)) = &self.activity else {
            followed.epoch = None;
            return;
        };
        let model = active.model();
        let epoch = model.history().len();
        if followed.epoch == Some(epoch) {
            return;
        }
        // Axes of a new run have nothing to do with those of the last.
        let is_new_run = followed.epoch.is_none_or(|before| before > epoch);
        let before = followed.positions.clone().filter(|_| !is_new_run);
        followed.epoch = Some(epoch);
        let held_out = active.run.held_out().clone();
        let rows = active.samples.set.table().cloned();
        let model = LatentModel::Network { model: Box::new(model), rows };
        followed.job = Some(RunningJob::new(|control| {
            Box::pin(async move {
                let followed = latent::follow(model, &held_out, epoch, before.as_deref(), &control).await?;
                Ok(JobOutcome::Followed(Box::new(followed)))
            })
        }));
    }
}
