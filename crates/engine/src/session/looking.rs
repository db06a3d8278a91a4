//! The commands that look at a model: into its network, and at what it is good for.

use std::rc::Rc;

use pinhole_protocol::{Event, Experiment, ImageSource, Measure, TrainingStart};

use super::{
    activity::{ActiveRun, Activity},
    state::{NO_MODEL, Session},
};
use crate::{
    EngineError, Model,
    data::{self, SampleSet},
    inspection::inspect,
    measure::{Context, HeldOut, default_measures, measure},
};

/// Digits are drawn to measure by from seeds that no experiment is likely to have.
const FRESH_SEEDS: u64 = 0x4D45_4153_5552_4500;
/// As many are drawn as are measured.
const FRESH_DIGITS: usize = 1_000;

/// What a finished run leaves beside its model.
pub(super) struct Legacy {
    /// Samples that it did not learn from.
    held_out: Rc<HeldOut>,
    /// Who taught the model.
    teacher: Option<Model>,
}

impl Legacy {
    /// What `active` will leave.
    pub fn of(active: &ActiveRun) -> Self {
        Self { held_out: Rc::new(active.run.held_out().clone()), teacher: active.teacher.clone() }
    }
}

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    /// Looks into the network in training, or the one in hand.
    pub(super) async fn inspect(&mut self) -> Result<(), EngineError> {
        let inspection = if let Some(Activity::Training(active)) = &self.activity {
            let norms = active.run.gradient_norms().await?;
            inspect(&active.model(), active.run.held_out(), norms.as_deref()).await?
        } else {
            let model = self.model.clone().ok_or(NO_MODEL)?;
            let held_out = self.legacy(&model).await?.held_out.clone();
            inspect(&model, &held_out, None).await?
        };
        self.tell(Event::Inspected(Box::new(inspection)));
        Ok(())
    }

    /// Measures the network in training, or the model in hand; without `measures`, by what usually says something of it.
    pub(super) async fn measure(&mut self, measures: &[Measure]) -> Result<(), EngineError> {
        let (model, legacy) = if let Some(Activity::Training(active)) = &self.activity {
            (active.model(), &Legacy::of(active))
        } else {
            let model = self.model.clone().ok_or(NO_MODEL)?;
            (model.clone(), self.legacy(&model).await?)
        };
        let (held_out, teacher) = (legacy.held_out.clone(), legacy.teacher.clone());
        let context = Context { has_labels: held_out.has_labels(), has_teacher: teacher.is_some() };
        let usual = default_measures(model.experiment(), context);
        let measures = if measures.is_empty() { &usual } else { measures };
        let found = measure(&model, &held_out, measures, teacher.as_ref(), &async || self.pause().await).await?;
        self.tell(Event::Measured(found));
        Ok(())
    }

    /// What stands beside the model in hand; samples are got if a file brought the model alone.
    async fn legacy(&mut self, model: &Model) -> Result<&Legacy, EngineError> {
        if self.legacy.is_none() {
            let held_out = Rc::new(self.fresh_held_out(model.experiment().spec()).await?);
            self.legacy = Some(Legacy { held_out, teacher: None });
        }
        Ok(self.legacy.as_ref().expect("it was made where there was none"))
    }

    /// Samples of `experiment`'s data that training did not see.
    async fn fresh_held_out(&self, experiment: &Experiment) -> Result<HeldOut, EngineError> {
        let mut wanted = experiment.clone();
        if wanted.data.source == ImageSource::Opened && self.opened.is_none() {
            // The pictures that the model has learnt are not here. Digits say something of most models all the same.
            wanted.data.source = ImageSource::Strokes;
        }
        let is_endless = wanted.data.source == ImageSource::Strokes;
        if is_endless {
            wanted.seed = FRESH_SEEDS.wrapping_add(experiment.seed);
            wanted.data.limit = Some(FRESH_DIGITS);
        }
        let samples = self.samples_of(wanted).await?;
        if is_endless {
            return Ok(HeldOut::all(&samples, &samples));
        }
        let count = experiment.data.limit.map_or(samples.len(), |limit| limit.min(samples.len()));
        let split = data::split(count, experiment.schedule.validation_share, experiment.seed);
        Ok(HeldOut::new(&samples, &split.validation, &split.train))
    }

    async fn samples_of(&self, experiment: Experiment) -> Result<Rc<SampleSet>, EngineError> {
        let mut preparation = self.preparation(experiment, TrainingStart::Fresh)?;
        loop {
            if let Some(samples) = preparation.work().await? {
                return Ok(samples);
            }
            self.pause().await;
        }
    }
}
