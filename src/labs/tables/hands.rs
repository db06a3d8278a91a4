//! What the lab's parts act through: commands to the engine, and what its answers mean beyond the lab's state.

use std::rc::Rc;

use pinhole_protocol::{
    Bytes, Command, DeviceKind, DevicePreference, Event, Failure, FailureKind,
    table::{DetectorPlan, Dialect, FileSlot, TableCommand, TableEvent},
};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::{
    samples::Sample,
    state::{Lab, LabAction, Work},
};
use crate::{engine_client::EngineState, files, services::Services};

/// The lab's hands.
pub struct Hands {
    pub services: Services,
    dispatch: UseReducerDispatcher<Lab>,
}

impl Hands {
    pub fn new(services: Services, dispatch: UseReducerDispatcher<Lab>) -> Self {
        Self { services, dispatch }
    }

    /// Gives a command that needs no file.
    pub fn say(&self, command: TableCommand) {
        self.services.engine.send(Command::Table(command));
    }

    /// Gives a command that is work.
    pub fn begin(&self, work: Work, command: TableCommand) {
        self.dispatch.dispatch(LabAction::Begin(work));
        self.say(command);
    }

    pub fn edit(self: &Rc<Self>, plan: DetectorPlan) {
        self.dispatch.dispatch(LabAction::Plan(plan));
    }

    pub fn train(&self, plan: &DetectorPlan) {
        self.begin(Work::Training, TableCommand::Fit { plan: Box::new(plan.clone()) });
    }

    pub fn reread(&self, dialect: Dialect, lab: &Lab) {
        let name = lab.name().to_owned().into();
        self.dispatch.dispatch(LabAction::Offer { work: Work::Reading, name });
        self.say(TableCommand::Reread { dialect });
    }

    pub fn open_chosen(self: &Rc<Self>, chosen: Vec<File>) {
        if let Some(file) = chosen.into_iter().next() {
            self.open(file);
        }
    }

    pub fn score_chosen(self: &Rc<Self>, chosen: Vec<File>) {
        if let Some(file) = chosen.into_iter().next() {
            self.send_file(Work::Scoring, file);
        }
    }

    /// Scores the table in hand with the detector in hand.
    pub fn score_this(&self) {
        if let Some(file) = self.services.engine.table() {
            self.send_file(Work::Scoring, file);
        }
    }

    /// Takes what was dropped on the page: a detector by its name, anything else as a table.
    pub fn open_dropped(self: &Rc<Self>, dropped: Vec<File>) {
        let count = dropped.len();
        let is_detector = |file: &File| file.name().to_ascii_lowercase().ends_with(".safetensors");
        let (detectors, tables): (Vec<File>, Vec<File>) = dropped.into_iter().partition(is_detector);
        if count > detectors.len().min(1) + tables.len().min(1) {
            self.services.notices.information("One table at a time: the first of those files was taken.");
        }
        self.open_detector(detectors);
        self.open_chosen(tables);
    }

    pub fn open_sample(self: &Rc<Self>, sample: &'static Sample) {
        let hands = self.clone();
        spawn_local(async move {
            match files::fetch_file(&sample.path(), sample.file).await {
                Ok(file) => hands.open(file),
                Err(reason) => hands
                    .services
                    .notices
                    .problem(format!("The sample \"{}\" could not be fetched ({reason}).", sample.title)),
            }
        });
    }

    /// Reads a detector's file and offers it to the engine.
    pub fn open_detector(self: &Rc<Self>, chosen: Vec<File>) {
        let Some(file) = chosen.into_iter().next() else { return };
        let hands = self.clone();
        spawn_local(async move {
            match files::read(&[file]).await {
                Ok(files) => {
                    for file in files {
                        hands.begin(Work::OpeningDetector, TableCommand::OpenDetector { file });
                    }
                }
                Err(message) => hands.services.notices.problem(message),
            }
        });
    }

    /// Takes up the table that another lab has opened.
    pub fn begin_with_table(&self) {
        if let Some(file) = self.services.engine.table() {
            self.open(file);
        }
    }

    /// Another worker has taken the place of the one that held the table: it reads the file again. What was learned is
    /// gone with the old one, and this is said.
    pub fn start_over(&self) {
        self.dispatch.dispatch(LabAction::Forget);
        if let Some(file) = self.services.engine.table() {
            let name = file.name();
            self.services.notices.information(format!(
                "The engine was started anew and reads {name} again. A detector has to be trained, or opened, anew."
            ));
            self.dispatch.dispatch(LabAction::Offer { work: Work::Reading, name: name.into() });
        }
    }

    /// Takes what concerns the lab from the news.
    pub fn hear(self: &Rc<Self>, event: &Event, lab: &Lab) {
        match event {
            Event::Table(TableEvent::Progress(progress)) if lab.knows(progress) => {}
            Event::Table(TableEvent::DetectorSaved(bytes)) => self.save_detector(bytes, lab),
            Event::Table(event) => {
                if let Some(action) = LabAction::of(event) {
                    self.dispatch.dispatch(action);
                }
            }
            Event::Failed(failure) => self.hear_failure(failure),
            _ => {}
        }
    }

    fn hear_failure(self: &Rc<Self>, failure: &Failure) {
        self.dispatch.dispatch(LabAction::of_failure(failure));
        if failure.kind == FailureKind::Device {
            // The Digits lab, if it is open, hears this too and moves its run: it goes first.
            let (hands, message) = (self.clone(), failure.message.clone());
            spawn_local(async move { hands.leave_gpu(message) });
        } else {
            self.services.notices.problem(failure.message.clone());
        }
    }

    fn leave_gpu(&self, reason: String) {
        let engine = &self.services.engine;
        if matches!(engine.state(), EngineState::Ready(device) if device.kind == DeviceKind::WebGpu) {
            self.services.notices.information(format!("{reason} The work goes on on the CPU."));
            engine.restart(DevicePreference::Cpu, Some(reason));
        }
    }

    fn open(&self, file: File) {
        self.send_file(Work::Reading, file);
    }

    fn send_file(&self, work: Work, file: File) {
        let name = file.name();
        self.dispatch.dispatch(LabAction::Offer { work, name: name.clone().into() });
        let engine = &self.services.engine;
        if work == Work::Scoring {
            let slot = FileSlot { name, index: 0 };
            engine.send_with_files(Command::Table(TableCommand::Score { file: slot }), vec![file]);
        } else {
            engine.open_table(file);
        }
    }

    fn save_detector(&self, bytes: &Bytes, lab: &Lab) {
        let name = lab.hand.detector.as_ref().map_or("table", |detector| &detector.name);
        if files::save(&detector_file(name), "application/octet-stream", &bytes.0).is_err() {
            self.services.notices.problem("The detector could not be saved: the browser refused the download.");
        }
    }
}

/// What a detector's file is called: as its table, without the endings that say that it is one.
fn detector_file(name: &str) -> String {
    let stem = [".gz", ".csv", ".tsv", ".txt", ".psv", ".safetensors", "-detector"]
        .iter()
        .fold(name, |stem, ending| stem.strip_suffix(ending).unwrap_or(stem));
    format!("{}-detector.safetensors", if stem.is_empty() { "table" } else { stem })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_detector_is_called_as_its_table() {
        assert_eq!(
            ["pumps.csv.gz", "pumps-detector.safetensors", ".csv", "my table"].map(detector_file),
            ["pumps-detector", "pumps-detector", "table-detector", "my table-detector"]
                .map(|stem| format!("{stem}.safetensors"))
        );
    }
}
