//! The open vectors and their map: handles commands of the lab "Latent space", and works on jobs slice by slice.

mod decode;
mod draw;
mod follow;
mod measure;
mod open;
mod project;
mod running_job;

use std::{rc::Rc, time::Duration};

use pinhole_latent::projection::ProjectedVectors;
use pinhole_protocol::{
    Event, Failure, FailureKind, Floats,
    latent::{CodePoint, LatentCommand, LatentEvent, LatentProgress},
};
use tracing::warn;
use web_time::Instant;

use self::running_job::{JobFuture, JobOutcome, RunningJob};
use super::state::Session;
use crate::{
    EngineError,
    latent::{FollowedMap, JobControl, LatentModel, OpenVectors},
};

/// Time of one slice of a job.
const SLICE: Duration = Duration::from_millis(8);
/// Time of one slice while a network is trained, so that a command waits for little more than a step.
const SLICE_IN_TRAINING: Duration = Duration::from_millis(4);
/// Time between two events of progress.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(150);

const BUSY: EngineError = EngineError::State("Work on the latent space is under way: stop it, or wait for its end.");
const NO_JOB: EngineError = EngineError::State("Nothing is under way.");
const NO_VECTORS: EngineError =
    EngineError::State("No codes are open yet: open those of a model, of a scored table, or of a file.");
const NO_MAP: EngineError = EngineError::State("There is no map yet: choose PCA, t-SNE, UMAP or Raw first.");

/// State of a session's latent space: vectors, their map, and what is being worked on.
#[derive(Default)]
pub(super) struct LatentSession {
    vectors: Option<Rc<OpenVectors>>,
    /// The map on which places are meant.
    map: Option<CurrentMap>,
    /// The map of the vectors; `None` before they are projected.
    projected: Option<CurrentMap>,
    /// The longer job.
    job: Option<RunningJob>,
    /// Short requests, of which only the newest of each kind counts.
    requests: Vec<ShortRequest>,
    /// Snapshots that are being sent; `None` if none are.
    followed: Option<Followed>,
}

/// A short request that is being answered.
struct ShortRequest {
    /// Kind, such as “walk”.
    kind: &'static str,
    /// Number, which the answer repeats.
    number: u32,
    job: RunningJob,
}

/// The map on which places are meant: the last projection or the last snapshot.
#[derive(Clone)]
struct CurrentMap {
    positions: Rc<ProjectedVectors>,
    /// Network that made its codes; `None` for vectors from a file.
    model: Option<LatentModel>,
}

/// Snapshots of a run.
#[derive(Default)]
struct Followed {
    /// Finished epochs at the last snapshot that was begun; `None` before the first.
    epoch: Option<usize>,
    /// Positions of the last snapshot.
    positions: Option<Vec<f32>>,
    /// The snapshot that is being made.
    job: Option<RunningJob>,
}

impl LatentSession {
    /// True if there is work to do without a command.
    pub fn is_busy(&self) -> bool {
        self.job.as_ref().is_some_and(|job| !job.is_paused)
            || !self.requests.is_empty()
            || self.followed.as_ref().is_some_and(|followed| followed.job.is_some())
    }

    fn vectors(&self) -> Result<&Rc<OpenVectors>, EngineError> {
        self.vectors.as_ref().ok_or(NO_VECTORS)
    }

    /// Code of a place, and the network that decodes it.
    fn resolve(&self, point: &CodePoint) -> Result<(Vec<f32>, LatentModel), EngineError> {
        if let CodePoint::Map(at) = point {
            let map = self.map.as_ref().ok_or(NO_MAP)?;
            if at.iter().any(|value| !value.is_finite()) {
                return Err(EngineError::setting("at", "The place on the map is not finite: point at it anew."));
            }
            let model = match &map.model {
                Some(model) => model.clone(),
                None => self.vectors()?.model()?.clone(),
            };
            return Ok((map.positions.inverse(*at), model));
        }
        let open = self.vectors()?;
        let code = open.code(point)?.ok_or(NO_MAP)?;
        Ok((code, open.model()?.clone()))
    }

    /// Begins a longer job.
    fn begin(&mut self, run: impl FnOnce(JobControl) -> JobFuture) {
        self.job = Some(RunningJob::new(run));
    }

    /// Begins a short request, which takes the place of an unfinished one of its kind.
    fn request(&mut self, kind: &'static str, number: u32, run: impl FnOnce(JobControl) -> JobFuture) {
        self.requests.retain(|other| other.kind != kind);
        self.requests.push(ShortRequest { kind, number, job: RunningJob::new(run) });
    }

    fn progress(job: &RunningJob) -> Option<LatentProgress> {
        let stage = job.control.stage()?;
        let elapsed_s = stage.started.elapsed().as_secs_f32();
        let per_second = if elapsed_s > 0.0 { stage.done as f32 / elapsed_s } else { 0.0 };
        let left = stage.total.saturating_sub(stage.done) as f32;
        Some(LatentProgress {
            activity: stage.activity,
            done: stage.done,
            total: stage.total,
            per_second,
            seconds_left: (per_second > 0.0).then(|| left / per_second),
            is_paused: job.is_paused,
            positions: job.control.take_positions().map(Floats),
        })
    }

    /// Takes over what a job has found.
    fn finish(&mut self, outcome: JobOutcome, emit: &impl Fn(LatentEvent)) {
        match outcome {
            JobOutcome::Opened(open) => {
                emit(LatentEvent::Opened(Box::new(open.summary())));
                self.vectors = Some(Rc::new(*open));
                self.map = None;
                self.projected = None;
            }
            JobOutcome::Projected { positions, model, map } => {
                let current = CurrentMap { positions: Rc::new(positions), model };
                self.projected = Some(current.clone());
                self.map = Some(current);
                emit(LatentEvent::Projected(map));
            }
            JobOutcome::Followed(followed) => {
                let FollowedMap { snapshot, map, model } = *followed;
                if let Some(followed) = &mut self.followed {
                    followed.positions = Some(snapshot.positions.0.clone());
                }
                self.map = Some(CurrentMap { positions: Rc::new(map), model: Some(model) });
                emit(LatentEvent::Snapshot(snapshot));
            }
            JobOutcome::Event(event) => emit(*event),
            JobOutcome::Cancelled => emit(LatentEvent::Cancelled),
        }
    }
}

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    /// Handles a command of the lab "Latent space", or begins the job that it needs.
    pub(super) async fn handle_latent(&mut self, command: LatentCommand) -> Result<(), EngineError> {
        match command {
            LatentCommand::Open { source } => self.open_vectors(source),
            LatentCommand::Follow { is_on } => {
                self.follow_run(is_on);
                Ok(())
            }
            LatentCommand::Project { projection, seed } => self.project(projection, seed),
            LatentCommand::Pause => self.pause_latent(true),
            LatentCommand::Resume => self.pause_latent(false),
            LatentCommand::Stop => {
                self.stop_latent();
                Ok(())
            }
            LatentCommand::Describe { request, index } => self.describe_vector(request, index).await,
            LatentCommand::Show { request, indices } => self.show_samples(request, &indices),
            LatentCommand::Decode { request, at } => self.decode_place(request, &at).await,
            LatentCommand::DecodeGrid { request, across, up, side } => self.decode_grid(request, across, up, side),
            LatentCommand::Walk { request, around, steps } => self.walk(request, &around, steps),
            LatentCommand::Interpolate { request, from, to, interpolation, steps } => {
                self.interpolate(request, [&from, &to], interpolation, steps)
            }
            LatentCommand::Combine { request, terms } => self.combine(request, &terms),
            LatentCommand::WalkDirection { request, around, from, to, steps } => {
                self.walk_direction(request, &around, [&from, &to], steps)
            }
            LatentCommand::Draw { request, prior, count, seed } => self.draw_samples(request, prior, count, seed),
            LatentCommand::Augment { prior, count, seed } => self.augment(prior, count, seed),
            LatentCommand::ExportCoordinates { indices } => self.export_coordinates(indices),
            LatentCommand::ExportDrawn { prior, count, seed } => self.export_drawn(prior, count, seed),
            LatentCommand::Measure { question, with_more } => self.measure_vectors(question, with_more),
        }
    }

    /// Works for one slice: on short requests first, then on the snapshot and the longer job.
    pub(super) async fn work_on_latent(&mut self) {
        let slice = if self.is_training() { SLICE_IN_TRAINING } else { SLICE };
        if let Some(request) = self.latent.requests.first_mut() {
            if let Some(result) = request.job.advance(slice).await {
                let ShortRequest { number, .. } = self.latent.requests.remove(0);
                self.finish_latent(Some(number), result);
            }
            return;
        }
        self.begin_snapshot();
        let followed = self.latent.followed.as_mut();
        if let Some(job) = followed.and_then(|followed| followed.job.as_mut()) {
            if let Some(result) = job.advance(slice).await {
                self.end_snapshot(result);
            }
            return;
        }
        let Some(job) = self.latent.job.as_mut().filter(|job| !job.is_paused) else { return };
        if let Some(result) = job.advance(slice).await {
            self.latent.job = None;
            self.finish_latent(None, result);
        } else if job.progress_sent.elapsed() >= PROGRESS_INTERVAL {
            job.progress_sent = Instant::now();
            let progress = LatentSession::progress(job);
            job.control.ask_for_positions();
            if let Some(progress) = progress {
                self.emit_latent(LatentEvent::Progress(progress));
            }
        }
    }

    fn finish_latent(&mut self, request: Option<u32>, result: Result<JobOutcome, EngineError>) {
        match result {
            Ok(outcome) => self.latent.finish(outcome, &|event| (self.emit)(Event::Latent(event))),
            Err(error) => self.emit_latent_failure(request, error),
        }
    }

    /// Emits the failure of a command of this lab; that of the device concerns all labs.
    pub(super) fn emit_latent_failure(&self, request: Option<u32>, error: EngineError) {
        warn!(%error, "failed");
        let failure = Failure::from(error);
        self.emit(match failure.kind {
            FailureKind::Device => Event::Failed(failure),
            FailureKind::Setting | FailureKind::File | FailureKind::State => {
                Event::Latent(LatentEvent::Failed { request, failure })
            }
        });
    }

    fn emit_latent(&self, event: LatentEvent) {
        self.emit(Event::Latent(event));
    }

    fn pause_latent(&mut self, is_paused: bool) -> Result<(), EngineError> {
        let job = self.latent.job.as_mut().ok_or(NO_JOB)?;
        job.is_paused = is_paused;
        let progress = LatentSession::progress(job);
        if let Some(progress) = progress {
            self.emit_latent(LatentEvent::Progress(progress));
        }
        Ok(())
    }

    /// Ends the job: a layout with what it has, another one without a trace.
    fn stop_latent(&mut self) {
        self.latent.requests.clear();
        match &mut self.latent.job {
            Some(job) if job.keeps_what_it_has => {
                job.control.stop();
                job.is_paused = false;
            }
            _ => {
                self.latent.job = None;
                self.emit_latent(LatentEvent::Cancelled);
            }
        }
    }
}
