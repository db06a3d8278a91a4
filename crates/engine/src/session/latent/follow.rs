//! Snapshots of a run's held-out codes, after every epoch.

use pinhole_protocol::{Event, FailureKind};
use tracing::warn;

use super::{
    super::{activity::Activity, state::Session},
    Followed, SLICE,
    running_job::{JobOutcome, RunningJob},
};
use crate::{
    EngineError, Model,
    data::SampleSet,
    latent::{self, LatentModel},
    measure::HeldOut,
};

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    /// Begins or ends sending snapshots. The first comes at once, if there is a network.
    pub(super) fn follow_run(&mut self, is_on: bool) {
        self.latent.followed = is_on.then(Followed::default);
        self.begin_snapshot();
    }

    /// Begins a snapshot, if a run has finished an epoch since the last; or if there is none yet, of the current network
    /// with the samples that its run held out.
    pub(super) fn begin_snapshot(&mut self) {
        let Some(followed) = self.latent.followed.as_ref().filter(|followed| followed.job.is_none()) else { return };
        match (&self.activity, &self.model, &self.evaluation_data) {
            (Some(Activity::Training(active)), ..) if followed.epoch != Some(active.run.epochs_done()) => {
                let (held_out, set) = (active.run.held_out().clone(), active.samples.set.clone());
                self.begin_snapshot_of(active.model(), held_out, &set);
            }
            (None, Some(model), Some(data)) if followed.epoch.is_none() => {
                self.begin_snapshot_of(model.clone(), (*data.held_out).clone(), &data.samples.set.clone());
            }
            _ => {}
        }
    }

    /// Sends the last snapshot of a run, of the network of its last step.
    pub(in super::super) async fn end_followed_run(&mut self, last: &Model) {
        let Some(data) = &self.evaluation_data else { return };
        let (held_out, set) = ((*data.held_out).clone(), data.samples.set.clone());
        self.finish_snapshot().await;
        let epoch = last.history().len();
        if self.latent.followed.as_ref().is_some_and(|followed| followed.epoch != Some(epoch)) {
            self.begin_snapshot_of(last.clone(), held_out, &set);
        }
    }

    /// Works on the snapshot in progress to its end.
    async fn finish_snapshot(&mut self) {
        while let Some(job) = self.latent.followed.as_mut().and_then(|followed| followed.job.as_mut()) {
            if let Some(result) = job.advance(SLICE).await {
                self.end_snapshot(result);
            }
            self.pause().await;
        }
    }

    /// Takes over a snapshot that is done.
    pub(super) fn end_snapshot(&mut self, result: Result<JobOutcome, EngineError>) {
        if let Some(followed) = &mut self.latent.followed {
            followed.job = None;
        }
        match result {
            // Nobody has asked for this one map: the next epoch's may come.
            Err(error) if error.kind() != FailureKind::Device => warn!(%error, "no snapshot"),
            result => self.finish_latent(None, result),
        }
    }

    fn begin_snapshot_of(&mut self, model: Model, held_out: HeldOut, set: &SampleSet) {
        let Some(followed) = &mut self.latent.followed else { return };
        let epoch = model.history().len();
        // Axes of a new run have nothing to do with those of the last.
        let is_new_run = followed.epoch.is_none_or(|before| before > epoch);
        let before = followed.positions.clone().filter(|_| !is_new_run);
        followed.epoch = Some(epoch);
        let model = LatentModel::Network { model: Box::new(model), rows: set.table().cloned() };
        followed.job = Some(RunningJob::new(|control| {
            Box::pin(async move {
                let followed = latent::follow(model, &held_out, epoch, before.as_deref(), &control).await?;
                Ok(JobOutcome::Followed(Box::new(followed)))
            })
        }));
    }
}
