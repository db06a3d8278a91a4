//! Answers of the engine about the current model: inspection, measurements, samples, and generated pictures.

use std::rc::Rc;

use pinhole_protocol::{Event, GeneratedPictures, Inspection, Measurement, SampleGrid};

/// Answers of the engine about the current model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelReport {
    pub inspection: Option<Rc<Inspection>>,
    pub measurements: Rc<[Measurement]>,
    /// True while measurements are awaited that a person has asked for.
    pub is_measuring: bool,
    /// Held-out samples and their reconstructions.
    pub samples: Option<Rc<SampleGrid>>,
    /// Pictures from codes that belong to no input.
    pub generated: Option<Rc<GeneratedPictures>>,
    /// Seed of the generated pictures.
    pub seed: u64,
}

impl ModelReport {
    /// Takes an event of the engine. Returns true if something has changed.
    pub fn receive(&mut self, event: &Event) -> bool {
        match event {
            Event::Inspected(inspection) => self.inspection = Some(Rc::new((**inspection).clone())),
            Event::Measured(measurements) => {
                self.measurements = measurements.as_slice().into();
                self.is_measuring = false;
            }
            Event::Samples(grid) => self.samples = Some(Rc::new(grid.clone())),
            Event::Generated { pictures, .. } => self.generated = Some(Rc::new(pictures.clone())),
            // What was measured or generated is of another model; what is shown live is replaced soon by a run.
            Event::TrainingStarted { .. } | Event::RunModels(_) => self.forget_model(),
            Event::ModelReady(_) => {
                self.forget_model();
                (self.inspection, self.samples) = (None, None);
            }
            Event::Failed(_) if self.is_measuring => self.is_measuring = false,
            _ => return false,
        }
        true
    }

    /// Drops what is of a model that is gone or replaced. The inspection and the samples stay until others come.
    pub fn forget_model(&mut self) {
        self.measurements = Rc::default();
        self.is_measuring = false;
        self.generated = None;
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::Measure;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn measurements_are_dropped_with_their_model() {
        let mut report = ModelReport { is_measuring: true, ..ModelReport::default() };
        let measurement = Measurement { measure: Measure::Accuracy, value: 0.9, reference: Some(0.1), samples: 1_000 };
        assert!(report.receive(&Event::Measured(vec![measurement])));
        assert_eq!((report.is_measuring, report.measurements.len()), (false, 1));
        assert!(report.receive(&Event::TrainingStarted { train_images: 1, validation_images: 0 }));
        assert!(report.measurements.is_empty());
    }
}
