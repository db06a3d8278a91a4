//! Getting the samples of an experiment, a slice at a time, so that Stop is heard meanwhile.

use std::{rc::Rc, time::Duration};

use pinhole_anomaly::jobs::Job;
use pinhole_protocol::{CheckedExperiment, GridShape, ImageSource, Progress, TrainingPhase, TrainingStart};
use web_time::Instant;

use crate::{
    EngineError,
    data::{self, SampleSet, SamplesJob, StrokeGenerator},
};

/// Worked in one go.
const SLICE: Duration = Duration::from_millis(10);

/// Images drawn if the experiment does not say how many.
const DEFAULT_STROKES: usize = 10_000;

/// A run that waits for its samples.
pub(super) struct Preparation {
    pub experiment: CheckedExperiment,
    pub start: TrainingStart,
    samples: Samples,
}

/// Where samples come from, and how far they are.
enum Samples {
    Ready(Rc<SampleSet>),
    Drawing {
        generator: Box<StrokeGenerator>,
        drawn: SampleSet,
        wanted: usize,
    },
    /// Opened pictures are brought to the network's input.
    Fitting {
        opened: Rc<SampleSet>,
        input: GridShape,
        pixels: Vec<u8>,
        done: usize,
        wanted: usize,
    },
    Reading(Box<SamplesJob>),
}

impl Preparation {
    /// `opened` are the images that the user has opened; `read_table` begins to read the table in hand.
    pub fn new(
        experiment: CheckedExperiment,
        start: TrainingStart,
        opened: Option<&Rc<SampleSet>>,
        read_table: impl FnOnce(Option<usize>, u64) -> Result<SamplesJob, EngineError>,
    ) -> Result<Self, EngineError> {
        let spec = experiment.spec();
        let input = experiment.plan().input;
        let samples = match spec.data.source {
            ImageSource::Opened => Samples::opened(opened, &experiment)?,
            ImageSource::TableRows => Samples::Reading(Box::new(read_table(spec.data.limit, spec.seed)?)),
            ImageSource::Digits8x8 => {
                data::check_picture_input(input)?;
                Samples::Ready(Rc::new(data::digits8x8(input)))
            }
            ImageSource::Strokes => {
                data::check_picture_input(input)?;
                let generator = Box::new(StrokeGenerator::new(spec.seed, input));
                let drawn = generator.empty_set();
                Samples::Drawing { generator, drawn, wanted: spec.data.limit.unwrap_or(DEFAULT_STROKES) }
            }
        };
        Ok(Self { experiment, start, samples })
    }

    /// News before there is a step.
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

    /// Works for a while. Answers the samples when all are there.
    pub async fn work(&mut self) -> Result<Option<Rc<SampleSet>>, EngineError> {
        let start = Instant::now();
        while start.elapsed() < SLICE {
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
        data::check_suits(&opened, experiment)?;
        let input = experiment.plan().input;
        if opened.shape() == input {
            return Ok(Self::Ready(opened));
        }
        let wanted = experiment.spec().data.limit.map_or(opened.len(), |limit| limit.min(opened.len()));
        Ok(Self::Fitting { opened, input, pixels: Vec::new(), done: 0, wanted })
    }

    /// One sample more, or a few rows.
    async fn advance(&mut self) -> Result<Option<Rc<SampleSet>>, EngineError> {
        match self {
            Self::Ready(samples) => Ok(Some(samples.clone())),
            Self::Drawing { generator, drawn, wanted } if drawn.len() < *wanted => {
                generator.draw_into(drawn);
                Ok(None)
            }
            Self::Drawing { drawn, .. } => Ok(Some(Rc::new(std::mem::take(drawn)))),
            Self::Fitting { opened, input, pixels, done, wanted } if *done < *wanted => {
                pixels.extend(data::fit(opened, *done..*done + 1, *input));
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
