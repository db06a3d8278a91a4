//! A projection in progress.

use std::rc::Rc;

use super::{
    ProjectedVectors, ProjectionSettings,
    pca::{Pca, PcaFit},
};
use crate::{LatentError, Vectors};

/// Principal components that a projection reports, at most.
const COMPONENTS: usize = 32;

/// Part of a projection's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectionStage {
    /// Search of each vector's neighbours.
    Neighbours,
    /// Layout; positions are there, and change.
    Layout,
}

/// A projection in progress: the same vectors, settings and seed give the same map on every machine.
#[derive(Debug)]
pub struct ProjectionRun {
    vectors: Rc<Vectors>,
    settings: ProjectionSettings,
    state: State,
}

#[derive(Debug)]
enum State {
    Components(Box<PcaFit>),
    Done(Vec<f32>, Option<Pca>),
}

impl ProjectionRun {
    /// Begins a projection.
    ///
    /// # Errors
    /// When the settings do not fit the vectors: see [`ProjectionSettings::check`].
    pub fn new(vectors: Rc<Vectors>, settings: ProjectionSettings, _seed: u64) -> Result<Self, LatentError> {
        settings.check(&vectors)?;
        let state = match settings {
            ProjectionSettings::Raw { across, up } => {
                State::Done(vectors.rows().flat_map(|row| [row[across], row[up]]).collect(), None)
            }
            _ => State::Components(Box::new(PcaFit::new(&vectors, COMPONENTS)?)),
        };
        Ok(Self { vectors, settings, state })
    }

    /// Does some milliseconds of work, if any is left.
    pub fn advance(&mut self) {
        match &mut self.state {
            State::Done(..) => {}
            State::Components(fit) if !fit.is_done() => fit.advance(&self.vectors),
            State::Components(fit) => {
                let pca = fit.clone().finish();
                self.state = State::Done(pca.positions(&self.vectors), Some(pca));
            }
        }
    }

    /// The part of the work that is being done.
    pub const fn stage(&self) -> ProjectionStage {
        ProjectionStage::Layout
    }

    /// Units of the stage's work that are done, and those in all. What they are depends on stage and method.
    pub fn progress(&self) -> (usize, usize) {
        match &self.state {
            State::Components(fit) => fit.progress(),
            State::Done(..) => (1, 1),
        }
    }

    /// Position [horizontal, vertical] of each vector so far; empty before the layout.
    pub fn positions(&self) -> Vec<f32> {
        match &self.state {
            State::Components(_) => Vec::new(),
            State::Done(positions, _) => positions.clone(),
        }
    }

    /// True once there is nothing left to do.
    pub const fn is_done(&self) -> bool {
        matches!(self.state, State::Done(..))
    }

    /// The map so far, which is the whole one if [`Self::is_done`]; `None` before there are positions.
    pub fn finish(self) -> Option<ProjectedVectors> {
        match self.state {
            State::Components(_) => None,
            State::Done(positions, pca) => {
                Some(ProjectedVectors { vectors: self.vectors, settings: self.settings, positions, pca })
            }
        }
    }
}
