//! Changes of the lab's state.

use std::rc::Rc;

use pinhole_protocol::{
    Bytes, Event, Floats,
    latent::{LatentEvent, LatentProgress, SampleColumn, SampleValues, Snapshot, VectorSet},
    table::TableEvent,
};

use super::{
    Answer, Chosen, ExploreAction, Found, Hover, Job, JobKind, Lab, MapView, Method, ModelState, ProjectionSettings,
    Purpose, Shown, Source,
};
use crate::components::selection::Selection;

/// Category of a vector without one.
const NO_CATEGORY: u8 = u8::MAX;

/// Change of the state.
pub enum LabAction {
    /// The lab is shown, or hidden.
    Show(bool),
    /// A job was requested.
    Start(JobKind),
    /// The job was refused, for this reason.
    Refuse(Rc<str>),
    /// Vectors of this origin are to be opened.
    SetSource(Source),
    /// Settings of the projections were changed.
    SetSettings(ProjectionSettings),
    /// The map shows something else.
    SetView(MapView),
    /// The map is coloured by the column of this name.
    ColourBy(Rc<str>),
    /// A projection by this method was requested.
    SetMethod(Method),
    /// Something was searched for, or nothing any more.
    Find(Option<Found>),
    /// The positions of another moment are shown.
    ShowMoment(Shown),
    /// The pointer is somewhere else.
    Hover(Option<Hover>),
    /// Samples were chosen.
    Choose(Chosen),
    /// Samples were selected.
    Select(Option<Rc<Selection>>),
    /// The selected samples are a category of this name in a person's own column.
    LabelSelection(String),
    /// Something is explored beside the map.
    Explore(ExploreAction),
    /// The engine answered.
    Answer(Purpose, Option<Answer>),
    /// The engine reported something else.
    Receive(Box<Event>),
    /// A new worker has neither model nor vectors.
    Reset,
}

impl Lab {
    /// Applies an action.
    pub(super) fn apply(&mut self, action: LabAction) {
        match action {
            LabAction::Show(is_shown) => self.is_shown = is_shown,
            LabAction::Start(kind) => {
                self.job = Some(Job::new(kind));
                self.refusal = None;
                // What is laid out is looked at.
                if kind == JobKind::Projecting {
                    self.shown = Shown::Map;
                }
            }
            LabAction::Refuse(reason) => {
                self.refusal = Some(reason);
                self.abandon_job();
            }
            LabAction::SetSource(source) => {
                self.source = source;
                self.is_stale = true;
            }
            LabAction::SetSettings(settings) => self.settings = settings,
            LabAction::SetView(view) => self.view = view,
            LabAction::ColourBy(name) => self.colour_by = Some(name),
            LabAction::SetMethod(method) => self.method = method,
            LabAction::Find(found) => self.found = found,
            LabAction::ShowMoment(shown) => {
                self.shown = shown;
                self.hover = None;
            }
            LabAction::Hover(hover) => self.hover = hover,
            LabAction::Choose(chosen) => {
                self.chosen = chosen;
                self.leave_chosen();
            }
            LabAction::Explore(action) => self.explore(action),
            LabAction::Select(selection) => self.selection = selection,
            LabAction::LabelSelection(name) => self.label_selection(&name),
            LabAction::Answer(purpose, answer) => self.answers.set(purpose, answer),
            LabAction::Receive(event) => self.receive(*event),
            LabAction::Reset => {
                self.forget_vectors();
                self.is_training = false;
                self.model = ModelState::None;
            }
        }
    }

    fn receive(&mut self, event: Event) {
        match event {
            Event::TrainingStarted { .. } => {
                self.is_training = true;
                self.history.clear();
                if matches!(self.shown, Shown::Epoch(_)) {
                    self.shown = Shown::Map;
                }
            }
            Event::TrainingEnded(_) => {
                self.is_training = false;
                self.model = ModelState::Known;
                self.is_stale |= matches!(self.source, Source::HeldOut | Source::All);
            }
            Event::ModelReady(_) | Event::DataOpened(_) => {
                if matches!(event, Event::ModelReady(_)) {
                    self.model = ModelState::Known;
                }
                self.is_stale |= matches!(self.source, Source::HeldOut | Source::All);
            }
            Event::Table(TableEvent::Scored(_)) => {
                // Without a model the rows are what there is to map.
                if self.model == ModelState::None && !self.is_training && self.vectors.is_none() {
                    self.source = Source::Detector;
                }
                self.is_stale |= self.source == Source::Detector;
            }
            Event::Latent(event) => self.receive_latent(event),
            _ => {}
        }
    }

    fn receive_latent(&mut self, event: LatentEvent) {
        match event {
            LatentEvent::Opened(vectors) => self.open(*vectors),
            LatentEvent::Snapshot(snapshot) => self.add_epoch(&snapshot),
            LatentEvent::Progress(progress) => self.set_progress(progress),
            LatentEvent::Projected(map) => {
                self.end(JobKind::Projecting);
                self.positions = Some(Rc::new(map.positions.clone()));
                self.map = Some(Rc::new(*map));
                self.answers.set(Purpose::Grid, None);
            }
            LatentEvent::Cancelled => self.abandon_job(),
            LatentEvent::Augmented(effect) => {
                self.end(JobKind::Augmenting);
                self.augmentation = Some(Rc::new(effect));
            }
            LatentEvent::Measured(measures) => {
                self.end(JobKind::Measuring);
                let question = measures.verdict.question as usize;
                self.measures[question] = Some(Rc::new(*measures));
            }
            LatentEvent::Exported { .. } => self.end(JobKind::Exporting),
            LatentEvent::Drawn { .. } => self.end(JobKind::Drawing),
            // The controller takes these: an answer goes where it was asked for.
            LatentEvent::Sample { .. }
            | LatentEvent::Decoded { .. }
            | LatentEvent::Walks { .. }
            | LatentEvent::Failed { .. } => {}
        }
    }

    fn open(&mut self, vectors: VectorSet) {
        let width = vectors.width;
        self.forget_vectors();
        self.is_stale = false;
        self.opened_source = self.source;
        self.settings = self.settings.fitted(width);
        self.exploration.draw = self.exploration.draw.fitted(vectors.has_prior);
        self.vectors = Some(Rc::new(vectors));
        self.columns_revision += 1;
    }

    /// Adds the map of an epoch. It is shown if the newest one was, or if there is no other map during a run.
    fn add_epoch(&mut self, snapshot: &Snapshot) {
        let follows = match self.shown {
            Shown::Epoch(index) => Some(index) == self.history.newest(),
            Shown::Map => self.is_training && self.job.is_none() && self.history.newest().is_none(),
        };
        let has_dropped = self.history.push(snapshot);
        if let (true, Some(newest)) = (follows, self.history.newest()) {
            self.shown = Shown::Epoch(newest);
        } else if let (true, Shown::Epoch(index)) = (has_dropped, self.shown) {
            self.shown = Shown::Epoch(index / 2);
        }
    }

    fn set_progress(&mut self, mut progress: LatentProgress) {
        let positions = progress.positions.take();
        let Some(job) = &mut self.job else { return };
        job.progress = Some(progress);
        if let Some(positions) = positions.filter(|_| job.kind == JobKind::Projecting) {
            self.positions = Some(Rc::new(positions));
        }
    }

    fn end(&mut self, kind: JobKind) {
        if self.job.as_ref().is_some_and(|job| job.kind == kind) {
            self.job = None;
        }
    }

    /// Ends the job without a result: what there was before it stays.
    fn abandon_job(&mut self) {
        match self.job.take().map(|job| job.kind) {
            Some(JobKind::Projecting) => self.restore_positions(),
            Some(JobKind::Opening) if self.vectors.is_some() && self.source != self.opened_source => {
                self.source = self.opened_source;
                self.is_stale = false;
            }
            _ => {}
        }
    }

    /// Shows the newest finished map again.
    fn restore_positions(&mut self) {
        self.positions = self.map.as_ref().map(|map| Rc::new(Floats(map.positions.0.clone())));
        self.method = self.map.as_ref().map_or(self.method, |map| Method::of(&map.projection));
    }

    /// Makes the selection a category of the person's own column, and colours the map by it.
    fn label_selection(&mut self, name: &str) {
        let (Some(selection), count) = (self.selection.clone(), self.count()) else { return };
        let mut column = match self.own_columns.pop() {
            Some(column) => Rc::unwrap_or_clone(column),
            None => SampleColumn {
                name: self.new_column_name(),
                values: SampleValues::Categories { names: Vec::new(), indices: Bytes(vec![NO_CATEGORY; count]) },
            },
        };
        if let SampleValues::Categories { names, indices } = &mut column.values {
            let known = names.iter().position(|known| known == name);
            let category = known.unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            });
            // There are at most 255 names: the last one takes what comes beyond.
            let category = u8::try_from(category).unwrap_or(NO_CATEGORY - 1).min(NO_CATEGORY - 1);
            names.truncate(usize::from(NO_CATEGORY));
            for index in selection.indices.iter() {
                if let Some(known) = indices.0.get_mut(*index) {
                    *known = category;
                }
            }
        }
        self.colour_by = Some(column.name.as_str().into());
        self.columns_revision += 1;
        self.own_columns.push(Rc::new(column));
        self.selection = Some(Rc::new(Selection { name: name.to_owned(), ..(*selection).clone() }));
    }

    /// Name of a person's own column that no other column has.
    fn new_column_name(&self) -> String {
        let is_taken = |name: &str| self.columns().any(|column| column.name == name);
        let mut name = String::from("My label");
        while is_taken(&name) {
            name.push('′');
        }
        name
    }
}
