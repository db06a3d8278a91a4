//! Preparation of an experiment's samples in time slices, so that commands are handled in between.

use std::{rc::Rc, time::Duration};

use pinhole_anomaly::jobs::Job;
use pinhole_protocol::{CheckedExperiment, GridShape, ImageSource, Progress, TrainingPhase, TrainingStart};
use web_time::Instant;

use crate::{
    EngineError,
    data::{self, RowsRequest, SampleSet, SamplesJob, StrokeGenerator},
};

/// Time per call of [`SamplePreparation::work`].
const TIME_SLICE: Duration = Duration::from_millis(10);

/// Digits generated if the experiment has no limit.
const DEFAULT_GENERATED: usize = 10_000;

/// An experiment whose samples are being prepared.
pub(super) struct SamplePreparation {
    pub experiment: CheckedExperiment,
    pub start: TrainingStart,
    samples: Samples,
}

/// Samples by source, with the progress of their preparation.
enum Samples {
    Ready(Rc<SampleSet>),
    Generating {
        generator: Box<StrokeGenerator>,
        generated: Box<SampleSet>,
        count: usize,
    },
    /// Opened pictures, which are fitted to the network's input.
    Fitting {
        opened: Rc<SampleSet>,
        input: GridShape,
        pixels: Vec<u8>,
        done: usize,
        count: usize,
    },
    Reading(Box<SamplesJob>),
}

impl SamplePreparation {
    /// `opened` are the images that the user has opened; `read_table` begins to read the open table.
    pub fn new(
        experiment: CheckedExperiment,
        start: TrainingStart,
        opened: Option<&Rc<SampleSet>>,
        read_table: impl FnOnce(RowsRequest) -> Result<SamplesJob, EngineError>,
    ) -> Result<Self, EngineError> {
        let spec = experiment.spec();
        let input = experiment.plan().input;
        let samples = match spec.data.source {
            ImageSource::Opened => Samples::opened(opened, &experiment)?,
            ImageSource::TableRows => Samples::Reading(Box::new(read_table(RowsRequest::from(spec))?)),
            ImageSource::Digits8x8 => {
                data::check_picture_input(input)?;
                Samples::Ready(Rc::new(data::digits8x8(input)))
            }
            ImageSource::Strokes => {
                data::check_picture_input(input)?;
                let generator = Box::new(StrokeGenerator::new(spec.seed, input));
                let generated = Box::new(generator.empty_set());
                Samples::Generating { generator, generated, count: spec.data.limit.unwrap_or(DEFAULT_GENERATED) }
            }
        };
        Ok(Self { experiment, start, samples })
    }

    /// Progress before the first step.
    pub fn progress(&self, phase: TrainingPhase) -> Progress {
        let schedule = &self.experiment.spec().schedule;
        Progress {
            phase,
            epoch: 1,
            epochs: schedule.epochs,
            step: 0,
            steps: 0,
            recent_losses: Vec::new(),
            images_per_s: 0.0,
            remaining_s: 0.0,
            learning_rate: schedule.learning_rate,
            recent_terms: Vec::new(),
            gradient_norm: 0.0,
        }
    }

    /// Works for one time slice. Returns the samples once all are ready.
    pub async fn work(&mut self) -> Result<Option<Rc<SampleSet>>, EngineError> {
        let start = Instant::now();
        while start.elapsed() < TIME_SLICE {
            if let Some(samples) = self.samples.advance().await? {
                return Ok(Some(samples));
            }
        }
        Ok(None)
    }
}

impl Samples {
    fn opened(opened: Option<&Rc<SampleSet>>, experiment: &CheckedExperiment) -> Result<Self, EngineError> {
        let opened = opened.cloned().ok_or(EngineError::State(
            "There are no opened images: open an IDX file or pictures first, or train on built-in ones.",
        ))?;
        data::check_compatible(&opened, experiment)?;
        let input = experiment.plan().input;
        if opened.shape() == input {
            return Ok(Self::Ready(opened));
        }
        let count = experiment.spec().data.limit.map_or(opened.len(), |limit| limit.min(opened.len()));
        Ok(Self::Fitting { opened, input, pixels: Vec::new(), done: 0, count })
    }

    /// Prepares one more sample, or a few rows. Returns the samples once all are ready.
    async fn advance(&mut self) -> Result<Option<Rc<SampleSet>>, EngineError> {
        match self {
            Self::Ready(samples) => Ok(Some(samples.clone())),
            Self::Generating { generator, generated, count } if generated.len() < *count => {
                generator.draw_into(generated);
                Ok(None)
            }
            Self::Generating { generated, .. } => Ok(Some(Rc::new(std::mem::take(&mut **generated)))),
            Self::Fitting { opened, input, pixels, done, count } if *done < *count => {
                pixels.extend(data::fit_pictures(opened, *done..*done + 1, *input));
                *done += 1;
                Ok(None)
            }
            Self::Fitting { opened, input, pixels, .. } => {
                Ok(Some(Rc::new(opened.with_pictures(*input, std::mem::take(pixels)))))
            }
            Self::Reading(job) => Ok(job.advance().await?.map(Rc::new)),
        }
    }
}
