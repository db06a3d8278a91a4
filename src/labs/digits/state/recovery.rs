//! Recovery of a lost worker: files and the run in progress, from which a new one continues.

use std::rc::Rc;

use pinhole_protocol::{Bytes, Event, Experiment, FailureKind, NamedFile, TrainingStart};
use web_sys::File;

/// A run, from its start until another one begins.
#[derive(Clone, Debug, PartialEq)]
pub struct RecoverableRun {
    pub experiment: Rc<Experiment>,
    pub start: TrainingStart,
    /// Teacher of a student; checkpoints replace the current model, but not the teacher.
    teacher: Option<Rc<NamedFile>>,
    /// True if the current model is of this run, which can then continue from it.
    has_model: bool,
    is_active: bool,
}

/// Files and run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recovery {
    /// Current model.
    model: Option<Rc<NamedFile>>,
    /// Model sent to the engine, which has not accepted it yet.
    pending: Option<Rc<NamedFile>>,
    /// The ready-made model.
    ready_made: Option<Rc<NamedFile>>,
    /// Opened images, whose bytes are not kept in memory.
    images: Rc<[File]>,
    /// Indices of those whose pictures are left as they are, in ascending order.
    as_is: Rc<[usize]>,
    run: Option<RecoverableRun>,
    /// Id under which the current model's run is stored in the browser.
    run_id: Option<Rc<str>>,
}

/// Files and run for a new worker, in the order of sending.
#[derive(Clone, Debug, PartialEq)]
pub struct Restoration {
    pub images: Rc<[File]>,
    /// Indices of the images whose pictures are left as they are.
    pub as_is: Rc<[usize]>,
    pub model: Option<Rc<NamedFile>>,
    /// Experiment and start of the run in progress.
    pub run: Option<(Rc<Experiment>, TrainingStart)>,
}

impl Recovery {
    /// Notes that a model file is sent to the engine.
    pub fn send_model(&mut self, file: Rc<NamedFile>) {
        self.pending = Some(file);
    }

    /// Keeps the ready-made model.
    pub fn set_ready_made(&mut self, file: Rc<NamedFile>) {
        self.ready_made = Some(file);
    }

    /// Keeps the images that were opened, and which of their pictures are left as they are.
    pub fn set_images(&mut self, images: Vec<File>, as_is: Vec<usize>) {
        self.images = images.into();
        self.as_is = as_is.into();
    }

    /// Opened images, and the indices of those whose pictures are left as they are.
    pub fn images(&self) -> (&Rc<[File]>, &Rc<[usize]>) {
        (&self.images, &self.as_is)
    }

    /// Notes that a run starts.
    pub fn begin_run(&mut self, experiment: Rc<Experiment>, start: TrainingStart) {
        let continues = start == TrainingStart::Continue;
        // A pending model is the current one by the time the run starts.
        let current = || self.pending.clone().or_else(|| self.model.clone());
        let teacher = if start == TrainingStart::Distil { current() } else { None };
        self.run = Some(RecoverableRun { experiment, start, teacher, has_model: continues, is_active: true });
    }

    /// Notes that the run is sent to a new worker.
    pub fn resume_run(&mut self, start: TrainingStart) {
        if let Some(run) = self.run.clone() {
            self.begin_run(run.experiment, start);
        }
    }

    /// Notes that the run could not start, or is over.
    pub const fn end_run(&mut self) {
        if let Some(run) = &mut self.run {
            run.is_active = false;
        }
    }

    /// Takes an event of the engine.
    pub fn receive(&mut self, event: &Event) {
        match event {
            Event::ModelReady(_) => self.model = self.pending.take().or_else(|| self.model.take()),
            Event::Checkpoint(bytes) => self.take_checkpoint(bytes),
            Event::TrainingEnded(_) => self.end_run(),
            Event::Failed(failure) if failure.kind == FailureKind::File => self.pending = None,
            _ => {}
        }
    }

    fn take_checkpoint(&mut self, bytes: &Bytes) {
        self.model = Some(NamedFile { name: "The last checkpoint".into(), bytes: bytes.clone() }.into());
        if let Some(run) = &mut self.run {
            run.has_model = true;
        }
    }

    /// True if there is a current model, or one is being opened.
    pub const fn has_model(&self) -> bool {
        self.model.is_some() || self.pending.is_some()
    }

    /// The ready-made model, once it was fetched.
    pub const fn ready_made(&self) -> Option<&Rc<NamedFile>> {
        self.ready_made.as_ref()
    }

    /// Notes under which id the current model's run is stored; `None` for a model that was opened.
    pub fn set_run_id(&mut self, id: Option<Rc<str>>) {
        self.run_id = id;
    }

    /// Id under which the current model's run is stored.
    pub const fn run_id(&self) -> Option<&Rc<str>> {
        self.run_id.as_ref()
    }

    /// The last run.
    pub const fn run(&self) -> Option<&RecoverableRun> {
        self.run.as_ref()
    }

    /// True from the start of a run to its end.
    pub fn is_training(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.is_active)
    }

    /// Files and run for a new worker.
    pub fn restoration(&self) -> Restoration {
        let run = self.run.as_ref().filter(|run| run.is_active);
        // A student needs its teacher, not its checkpoint: its run starts again.
        let teacher = run.filter(|run| run.start == TrainingStart::Distil).map(|run| run.teacher.clone());
        let start = |run: &RecoverableRun| match run.start {
            TrainingStart::Distil => TrainingStart::Distil,
            _ if run.has_model => TrainingStart::Continue,
            start => start,
        };
        Restoration {
            images: self.images.clone(),
            as_is: self.as_is.clone(),
            model: teacher.unwrap_or_else(|| self.model.clone()),
            run: run.map(|run| (run.experiment.clone(), start(run))),
        }
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::TrainingEnd;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn file(name: &str) -> Rc<NamedFile> {
        NamedFile { name: name.into(), bytes: Bytes(vec![1]) }.into()
    }

    fn checkpoint() -> Event {
        Event::Checkpoint(Bytes(vec![2]))
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_run_goes_on_from_its_last_checkpoint() {
        let mut recovery = Recovery::default();
        assert_eq!(recovery.restoration().run, None);
        recovery.begin_run(Rc::default(), TrainingStart::Fresh);
        assert_eq!(recovery.restoration().run, Some((Rc::default(), TrainingStart::Fresh)), "it has no checkpoint yet");
        recovery.receive(&checkpoint());
        let restored = recovery.restoration();
        assert_eq!(restored.run, Some((Rc::default(), TrainingStart::Continue)));
        assert_eq!(restored.model.map(|model| model.bytes.clone()), Some(Bytes(vec![2])));
        recovery.receive(&Event::TrainingEnded(TrainingEnd::Stopped));
        assert_eq!(recovery.restoration().run, None, "a run that has ended does not go on");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_student_starts_again_with_its_teacher() {
        let mut recovery = Recovery::default();
        recovery.send_model(file("teacher"));
        recovery.begin_run(Rc::default(), TrainingStart::Distil);
        recovery.receive(&checkpoint());
        let restored = recovery.restoration();
        assert_eq!(restored.run.map(|(_, start)| start), Some(TrainingStart::Distil));
        assert_eq!(restored.model.map(|model| model.name.clone()), Some("teacher".into()));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_refused_model_leaves_the_current_one() {
        let mut recovery = Recovery::default();
        recovery.send_model(file("one"));
        let summary = pinhole_protocol::ModelSummary {
            name: "one".into(),
            experiment: Experiment::default(),
            history: Vec::new(),
        };
        recovery.receive(&Event::ModelReady(Box::new(summary)));
        recovery.send_model(file("two"));
        let failure = pinhole_protocol::Failure { kind: FailureKind::File, message: "no".into() };
        recovery.receive(&Event::Failed(failure));
        assert_eq!(recovery.restoration().model.map(|model| model.name.clone()), Some("one".into()));
    }
}
