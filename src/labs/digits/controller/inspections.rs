//! Requests to inspect the network, while "Look inside" is in sight: about one per second during training.

use std::cell::{Cell, RefCell};

use pinhole_protocol::{Command, Event, TrainingPhase};

use super::Controller;
use crate::{labs::digits::state::ViewTab, latest_request::LatestRequest};

/// Time between two inspections during training.
const INTERVAL_MS: f64 = 1_000.0;

/// Request in flight and queued.
#[derive(Default)]
pub struct InspectionRequests {
    request: RefCell<LatestRequest<()>>,
    requested_at_ms: Cell<f64>,
}

impl InspectionRequests {
    /// Forgets the answer that a worker owes, and the request that waits: the same would fail again.
    pub fn cancel(&self) {
        self.request.borrow_mut().cancel();
        self.requested_at_ms.set(0.0);
    }
}

impl Controller {
    /// Takes an event of the engine that may be an answer, or change the network.
    pub(super) fn on_inspection_event(&self, event: &Event) {
        match event {
            Event::ModelReady(_) | Event::TrainingEnded(_) | Event::RunModels(_) => self.request_inspection(),
            Event::Progress(progress)
                if progress.phase == TrainingPhase::Running
                    && progress.step > 0
                    && is_due(self.inspections.requested_at_ms.get(), js_sys::Date::now()) =>
            {
                self.request_inspection();
            }
            Event::Inspected(_) => {
                self.inspections.request.borrow_mut().finish_any();
                self.send_inspection();
            }
            Event::Failed(_) => self.inspections.cancel(),
            _ => {}
        }
    }

    /// Requests a new inspection, to be sent once it is watched and no other is awaited.
    pub(super) fn request_inspection(&self) {
        self.inspections.request.borrow_mut().queue(());
        self.send_inspection();
    }

    fn send_inspection(&self) {
        let lab = self.lab();
        let is_watched = lab.view.shows(ViewTab::Inside) && lab.pipeline.has_model();
        if is_watched && self.inspections.request.borrow_mut().start_queued().is_some() {
            self.inspections.requested_at_ms.set(js_sys::Date::now());
            self.services.engine.send(Command::Inspect);
        }
    }
}

/// True if enough time has passed for another inspection during training.
fn is_due(requested_at_ms: f64, now_ms: f64) -> bool {
    now_ms - requested_at_ms >= INTERVAL_MS
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn inspections_during_training_are_a_second_apart() {
        assert_eq!([0.0, 999.0, 1_000.0].map(|now_ms| is_due(0.0, now_ms)), [false, false, true]);
    }
}
