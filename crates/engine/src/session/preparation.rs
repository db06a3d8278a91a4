//! Getting the images of an experiment, a slice at a time, so that Stop is heard meanwhile.

use std::{rc::Rc, time::Duration};

use pinhole_protocol::{CheckedExperiment, ImageSource, Progress, TrainingPhase, TrainingStart};
use web_time::Instant;

use crate::{
    EngineError,
    data::{self, ImageSet, StrokeGenerator},
};

/// Drawn in one go.
const SLICE: Duration = Duration::from_millis(10);

/// Images drawn if the experiment does not say how many.
const DEFAULT_STROKES: usize = 10_000;

/// A run that waits for its images.
pub(super) struct Preparation {
    pub experiment: CheckedExperiment,
    pub start: TrainingStart,
    images: Images,
}

enum Images {
    Ready(Rc<ImageSet>),
    Drawing { generator: Box<StrokeGenerator>, drawn: ImageSet, wanted: usize },
}

impl Preparation {
    /// `opened` are the images that the user has opened.
    pub fn new(
        experiment: CheckedExperiment,
        start: TrainingStart,
        opened: Option<&Rc<ImageSet>>,
    ) -> Result<Self, EngineError> {
        let spec = experiment.spec();
        let images = match spec.data.source {
            ImageSource::Opened => Images::Ready(opened.cloned().ok_or(EngineError::State(
                "There are no opened images: open an IDX file or pictures first, or train on built-in ones.",
            ))?),
            ImageSource::TableRows => {
                return Err(EngineError::setting(
                    "data.source",
                    "This experiment learns from a table's rows, not from images: open the table in the Tables lab.",
                ));
            }
            ImageSource::Digits8x8 => Images::Ready(Rc::new(data::digits8x8())),
            ImageSource::Strokes => Images::Drawing {
                generator: Box::new(StrokeGenerator::new(spec.seed)),
                drawn: ImageSet { name: "drawn digits".into(), ..ImageSet::default() },
                wanted: spec.data.limit.unwrap_or(DEFAULT_STROKES),
            },
        };
        Ok(Self { experiment, start, images })
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
        }
    }

    /// Draws for a while. Answers the images when all are there.
    pub fn work(&mut self) -> Option<Rc<ImageSet>> {
        let start = Instant::now();
        match &mut self.images {
            Images::Ready(images) => Some(images.clone()),
            Images::Drawing { generator, drawn, wanted } => {
                while drawn.len() < *wanted {
                    if start.elapsed() >= SLICE {
                        return None;
                    }
                    drawn.pixels.extend(generator.next_image());
                }
                Some(Rc::new(std::mem::take(drawn)))
            }
        }
    }
}
