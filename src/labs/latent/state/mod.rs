//! State of the lab: the vectors and their map, the maps of a run's epochs, the chosen samples and the selection, the job
//! in progress, and the newest answers of the engine. The controller turns its changes into commands.

mod action;
mod answers;
mod exploration;
mod history;
mod job;
mod settings;
#[cfg(test)]
pub mod tests;

use std::rc::Rc;

use pinhole_protocol::{
    Floats, GridShape,
    latent::{
        AugmentationEffect, Decoding, LatentMeasures, ProjectedMap, Question, SampleColumn, SampleValues, VectorSet,
    },
};

pub use self::{
    action::LabAction,
    answers::{Answer, Answers, Purpose},
    exploration::{DrawSettings, Exploration, ExploreAction, MAX_DRAWN, Wanted},
    history::{Epoch, History},
    job::{Job, JobKind},
    settings::{MapView, Method, PointerMode, ProjectionSettings, Source},
};
use crate::components::selection::{Selection, SelectionOrigin};

/// Name of the column with the numbers of rows in their file.
const ROW_COLUMN: &str = "Row";

/// Positions on the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Those of the newest projection.
    #[default]
    Map,
    /// Those after an epoch of the run, by index in the history.
    Epoch(usize),
}

/// Place on the map under the pointer, or the one that keys have reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hover {
    /// Index of the vector that lies there.
    pub index: Option<usize>,
    /// [horizontal, vertical] on the map.
    pub at: [f32; 2],
}

/// The two samples that a person has chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    pub a: Option<usize>,
    pub b: Option<usize>,
}

/// Result of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub text: String,
    /// Indices of the vectors, ascending.
    pub indices: Rc<[usize]>,
}

/// Model of the Digits lab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ModelState {
    /// None has been trained or opened.
    #[default]
    None,
    /// One has been trained or opened.
    Known,
}

/// State of the lab.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lab {
    /// True while the lab is shown.
    pub is_shown: bool,
    /// True while a run of the Digits lab is under way.
    pub is_training: bool,
    pub model: ModelState,
    /// True if the vectors are older than the model, or there are none yet.
    pub is_stale: bool,
    /// Vectors to be opened.
    pub source: Source,
    pub vectors: Option<Rc<VectorSet>>,
    /// Their origin: the source, unless that was refused.
    pub opened_source: Source,
    /// Newest projection of the vectors.
    pub map: Option<Rc<ProjectedMap>>,
    /// Positions of the layout in progress, or else of the newest projection.
    pub positions: Option<Rc<Floats>>,
    pub history: History,
    pub shown: Shown,
    /// Method that was asked for last.
    pub method: Method,
    pub settings: ProjectionSettings,
    pub job: Option<Job>,
    /// Sentence about the last job that was refused.
    pub refusal: Option<Rc<str>>,
    pub chosen: Chosen,
    pub hover: Option<Hover>,
    pub selection: Option<Rc<Selection>>,
    /// What was searched for, and the vectors that have it.
    pub found: Option<Found>,
    /// Columns that a person has made by labelling selections.
    pub own_columns: Vec<Rc<SampleColumn>>,
    /// Number of changes of the columns: what follows from them is computed anew after each.
    pub columns_revision: u32,
    /// Name of the column by which the map is coloured.
    pub colour_by: Option<Rc<str>>,
    pub view: MapView,
    /// Newest answers, by purpose.
    pub answers: Answers,
    /// Newest measures of each question, in the order of `Question::ALL`.
    pub measures: [Option<Rc<LatentMeasures>>; Question::ALL.len()],
    pub augmentation: Option<Rc<AugmentationEffect>>,
    pub exploration: Exploration,
}

impl Lab {
    /// State after an action.
    pub fn reduce(mut self: Rc<Self>, action: LabAction) -> Rc<Self> {
        Rc::make_mut(&mut self).apply(action);
        self
    }

    /// True if maps of a run's epochs are wanted.
    pub const fn is_followed(&self) -> bool {
        self.is_shown || self.is_training
    }

    /// All columns: what the engine knows of each vector, then those that a person has made.
    pub fn columns(&self) -> impl Iterator<Item = &SampleColumn> {
        let known = self.vectors.iter().flat_map(|vectors| vectors.columns.iter());
        known.chain(self.own_columns.iter().map(|column| &**column))
    }

    /// The column by which the map is coloured: the chosen one, or else the first.
    pub fn colour_column(&self) -> Option<&SampleColumn> {
        let chosen = self.colour_by.as_deref();
        self.columns().find(|column| Some(column.name.as_str()) == chosen).or_else(|| self.columns().next())
    }

    /// Category of a vector in the first column of categories, such as “3”.
    pub fn category(&self, index: usize) -> Option<&str> {
        self.columns().find_map(|column| match &column.values {
            SampleValues::Categories { names, indices } => {
                names.get(usize::from(*indices.0.get(index)?)).map(String::as_str)
            }
            SampleValues::Numbers(_) => None,
        })
    }

    /// Number of vectors.
    pub fn count(&self) -> usize {
        self.vectors.as_ref().map_or(0, |vectors| vectors.count)
    }

    /// Shape of decoded pictures; `None` if codes decode to something else.
    pub fn picture_shape(&self) -> Option<GridShape> {
        match self.vectors.as_ref()?.decoding {
            Decoding::Pictures { shape } => Some(shape),
            Decoding::Rows { .. } | Decoding::Impossible { .. } => None,
        }
    }

    /// Sentence that says why codes cannot be decoded; `None` if they can.
    pub fn decoding_obstacle(&self) -> Option<&str> {
        match &self.vectors.as_ref()?.decoding {
            Decoding::Impossible { reason } => Some(reason),
            Decoding::Pictures { .. } | Decoding::Rows { .. } => None,
        }
    }

    /// True if positions on the shown map can be decoded.
    pub fn can_decode_positions(&self) -> bool {
        let is_current = self.shown == Shown::Map && self.map.is_some() && !self.is_laying_out();
        self.vectors.is_some() && self.decoding_obstacle().is_none() && is_current
    }

    /// True if positions of the shown map are codes of two numbers.
    pub fn shows_plane(&self) -> bool {
        let has_two = self.vectors.as_ref().is_some_and(|vectors| vectors.width == 2 && !vectors.are_coordinates);
        has_two && (self.shown != Shown::Map || self.method == Method::Raw)
    }

    /// Projection of the vectors on the shown map, if it is finished.
    pub fn shown_map(&self) -> Option<&ProjectedMap> {
        self.map.as_deref().filter(|map| self.shown == Shown::Map && Method::of(&map.projection) == self.method)
    }

    /// True while a projection is in progress, whose positions the engine has not settled.
    pub fn is_laying_out(&self) -> bool {
        self.job.as_ref().is_some_and(|job| job.kind == JobKind::Projecting)
    }

    /// Positions on the map as it is shown.
    pub fn shown_positions(&self) -> Option<Rc<Floats>> {
        match self.shown {
            Shown::Map => self.positions.clone(),
            Shown::Epoch(index) => self.history.get(index).map(|epoch| epoch.positions.clone()),
        }
    }

    /// Origin of the vectors, as selections name it.
    pub const fn selection_origin(&self) -> SelectionOrigin {
        match self.opened_source {
            Source::HeldOut | Source::All => SelectionOrigin::Samples,
            Source::Detector => SelectionOrigin::Rows,
            Source::File => SelectionOrigin::File,
        }
    }

    /// Number of a vector's row in the file, if it is a row of a table.
    pub fn row_number(&self, index: usize) -> Option<usize> {
        let column =
            self.columns().find(|column| column.name == ROW_COLUMN && self.opened_source == Source::Detector)?;
        match &column.values {
            SampleValues::Numbers(rows) => rows.0.get(index).map(|row| *row as usize),
            SampleValues::Categories { .. } => None,
        }
    }

    /// The selection as other labs know it: of the detector's rows by their numbers in the file.
    pub fn shared_selection(&self) -> Option<Rc<Selection>> {
        let selection = self.selection.clone()?;
        if selection.origin != SelectionOrigin::Rows {
            return Some(selection);
        }
        let SampleValues::Numbers(rows) = &self.columns().find(|column| column.name == ROW_COLUMN)?.values else {
            return None;
        };
        let rows = selection.indices.iter().filter_map(|index| rows.0.get(*index)).map(|row| *row as usize).collect();
        Some(Rc::new(Selection::new(SelectionOrigin::Rows, rows, selection.name.clone())))
    }

    /// Forgets what belongs to the vectors.
    fn forget_vectors(&mut self) {
        *self = Self {
            is_shown: self.is_shown,
            is_training: self.is_training,
            model: self.model,
            is_stale: true,
            source: self.source,
            history: std::mem::take(&mut self.history),
            shown: self.shown,
            settings: self.settings,
            view: self.view,
            colour_by: self.colour_by.take(),
            columns_revision: self.columns_revision,
            exploration: self.exploration.for_other_vectors(),
            ..Self::default()
        };
    }
}
