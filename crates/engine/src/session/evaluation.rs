//! Commands that evaluate a model: its inspection and its measures.

use std::rc::Rc;

use pinhole_protocol::{CheckedExperiment, Event, ImageSource, Measure, TrainingStart};

use super::{
    activity::Activity,
    evaluation_data::EvaluationData,
    preparation::SamplePreparation,
    state::{NO_MODEL, Session},
};
use crate::{
    EngineError, Model,
    inspection::inspect,
    latent::RunSamples,
    measure::{Context, HeldOut, default_measures, measure},
};

/// First of the generator's seeds for evaluation: no experiment is likely to have them.
const FIRST_SEED: u64 = 0x4D45_4153_5552_4500;
/// Digits generated for evaluation: as many as are measured.
const GENERATED_DIGITS: usize = 1_000;

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    /// Inspects the network in training, else the current model's.
    pub(super) async fn inspect(&mut self) -> Result<(), EngineError> {
        let inspection = if let Some(Activity::Training(active)) = &self.activity {
            let norms = active.run.gradient_norms().await?;
            inspect(&active.model(), active.run.held_out(), norms.as_deref()).await?
        } else {
            let model = self.model.clone().ok_or(NO_MODEL)?;
            let held_out = self.evaluation_data(&model).await?.held_out.clone();
            inspect(&model, &held_out, None).await?
        };
        self.emit(Event::Inspected(Box::new(inspection)));
        Ok(())
    }

    /// Measures the network in training, else the current model; without `measures`, by the usual ones for such a model.
    pub(super) async fn measure(&mut self, measures: &[Measure]) -> Result<(), EngineError> {
        let (model, data) = if let Some(Activity::Training(active)) = &self.activity {
            (active.model(), &EvaluationData::new(active))
        } else {
            let model = self.model.clone().ok_or(NO_MODEL)?;
            (model.clone(), self.evaluation_data(&model).await?)
        };
        let (held_out, teacher) = (data.held_out.clone(), data.teacher.clone());
        let context = Context::new(model.experiment(), &held_out, teacher.is_some());
        let usual = default_measures(model.experiment(), context);
        let measures = if measures.is_empty() { &usual } else { measures };
        let found = measure(&model, &held_out, measures, teacher.as_ref(), &async || self.pause().await).await?;
        self.emit(Event::Measured(found));
        Ok(())
    }

    /// Held-out samples of the network in training, else of the current model.
    pub(super) async fn held_out(&mut self, model: &Model) -> Result<Rc<HeldOut>, EngineError> {
        if let Some(Activity::Training(active)) = &self.activity {
            return Ok(Rc::new(active.run.held_out().clone()));
        }
        Ok(self.evaluation_data(model).await?.held_out.clone())
    }

    /// Data to evaluate the current model on. For a model from a file, samples are prepared anew.
    async fn evaluation_data(&mut self, model: &Model) -> Result<&EvaluationData, EngineError> {
        if self.evaluation_data.is_none() {
            let samples = self.evaluation_samples(model)?.all(&async || self.pause().await).await?;
            let RunSamples { set, held_out, trained } = &samples;
            let held_out =
                Rc::new(if trained.is_empty() { HeldOut::all(set, set) } else { HeldOut::new(set, held_out, trained) });
            self.evaluation_data = Some(EvaluationData { held_out, samples, teacher: None });
        }
        Ok(self.evaluation_data.as_ref().expect("it was prepared where there was none"))
    }

    /// Samples of the current model's source, with those that it was trained on; not prepared yet, for a model from a
    /// file.
    pub(super) fn evaluation_samples(&self, model: &Model) -> Result<EvaluationSamples, EngineError> {
        let mut evaluated = model.experiment().spec().clone();
        if evaluated.data.source == ImageSource::Opened && self.opened.is_none() {
            // The images that the model was trained on are not open. Generated digits measure most models well enough.
            evaluated.data.source = ImageSource::Strokes;
        }
        let replaces_opened = evaluated.data.source != model.experiment().spec().data.source;
        let is_unseen = evaluated.data.source == ImageSource::Strokes;
        if is_unseen {
            evaluated.seed = FIRST_SEED.wrapping_add(evaluated.seed);
            evaluated.data.limit = Some(GENERATED_DIGITS);
        }
        let preparation = self.preparation(evaluated, TrainingStart::Fresh)?;
        Ok(EvaluationSamples { preparation, experiment: model.experiment().clone(), is_unseen, replaces_opened })
    }
}

/// Samples of a model's source that are being prepared.
pub(super) struct EvaluationSamples {
    preparation: SamplePreparation,
    /// Experiment of the model.
    experiment: CheckedExperiment,
    /// True if the model was trained on none of them.
    is_unseen: bool,
    /// True if they are generated, as the images that the model was trained on are not open.
    replaces_opened: bool,
}

const REPLACED: &str = "The images that this model was trained on are not open: these are generated digits. Open the images to see their codes.";

impl EvaluationSamples {
    /// Prepares all of them; `pause` yields to the event loop.
    pub async fn all(mut self, pause: &impl AsyncFn()) -> Result<RunSamples, EngineError> {
        loop {
            if let Some(mut set) = self.preparation.work().await? {
                if self.replaces_opened {
                    Rc::make_mut(&mut set).warnings.push(REPLACED.into());
                }
                let is_unseen = self.is_unseen;
                return Ok(if is_unseen { RunSamples::unseen(set) } else { RunSamples::of_run(set, &self.experiment) });
            }
            pause().await;
        }
    }
}
