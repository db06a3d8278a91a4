//! Controller of the lab: sends commands to the engine and handles its events.

use std::rc::Rc;

use pinhole_protocol::{
    Bytes, Command, DeviceKind, DevicePreference, Event, Failure, FailureKind,
    table::{DetectorPlan, Dialect, FileSlot, TableCommand, TableEvent},
};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::{
    example_tables::ExampleTable,
    state::{JobKind, Lab, LabAction},
};
use crate::{engine_client::EngineState, files, services::Services};

/// Controller of the lab, through which its panels act.
pub struct Controller {
    pub services: Services,
    dispatch: UseReducerDispatcher<Lab>,
}

impl Controller {
    pub fn new(services: Services, dispatch: UseReducerDispatcher<Lab>) -> Self {
        Self { services, dispatch }
    }

    /// Sends a command without a file.
    pub fn post(&self, command: TableCommand) {
        self.services.engine.send(Command::Table(command));
    }

    /// Sends a command that starts a job.
    pub fn start(&self, job: JobKind, command: TableCommand) {
        self.dispatch.dispatch(LabAction::Start(job));
        self.post(command);
    }

    pub fn edit(self: &Rc<Self>, plan: DetectorPlan) {
        self.dispatch.dispatch(LabAction::Plan(plan));
    }

    pub fn train(&self, plan: &DetectorPlan) {
        self.start(JobKind::Training, TableCommand::Fit { plan: Box::new(plan.clone()) });
    }

    pub fn reread(&self, dialect: Dialect, lab: &Lab) {
        let name = lab.name().to_owned().into();
        self.dispatch.dispatch(LabAction::OpenFile { job: JobKind::Reading, name });
        self.post(TableCommand::Reread { dialect });
    }

    pub fn open_chosen(self: &Rc<Self>, chosen: Vec<File>) {
        if let Some(file) = chosen.into_iter().next() {
            self.open(file);
        }
    }

    pub fn score_chosen(self: &Rc<Self>, chosen: Vec<File>) {
        if let Some(file) = chosen.into_iter().next() {
            self.send_file(JobKind::Scoring, file);
        }
    }

    /// Scores the open table with the current detector.
    pub fn score_current_table(&self) {
        if let Some(file) = self.services.engine.table() {
            self.send_file(JobKind::Scoring, file);
        }
    }

    /// Opens files dropped on the page: `.safetensors` as a detector, anything else as a table.
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

    pub fn open_example(self: &Rc<Self>, example: &'static ExampleTable) {
        let controller = self.clone();
        spawn_local(async move {
            match files::fetch_file(&example.path(), example.file).await {
                Ok(file) => controller.open(file),
                Err(reason) => controller
                    .services
                    .notices
                    .problem(format!("The example \"{}\" could not be fetched ({reason}).", example.title)),
            }
        });
    }

    /// Reads a detector's file and sends it to the engine.
    pub fn open_detector(self: &Rc<Self>, chosen: Vec<File>) {
        let Some(file) = chosen.into_iter().next() else { return };
        let controller = self.clone();
        spawn_local(async move {
            match files::read(&[file]).await {
                Ok(files) => {
                    for file in files {
                        controller.start(JobKind::OpeningDetector, TableCommand::OpenDetector { file });
                    }
                }
                Err(message) => controller.services.notices.problem(message),
            }
        });
    }

    /// Opens the table that another lab has opened.
    pub fn open_shared_table(&self) {
        if let Some(file) = self.services.engine.table() {
            self.open(file);
        }
    }

    /// Resets the lab after a restart of the worker. The new worker reads the file again; the detector is lost, which a
    /// notice says.
    pub fn on_worker_restart(&self) {
        self.dispatch.dispatch(LabAction::Reset);
        if let Some(file) = self.services.engine.table() {
            let name = file.name();
            self.services.notices.information(format!(
                "The engine was restarted and reads {name} again. Train a detector again, or open a saved one."
            ));
            self.dispatch.dispatch(LabAction::OpenFile { job: JobKind::Reading, name: name.into() });
        }
    }

    /// Handles an event of the engine.
    pub fn on_event(self: &Rc<Self>, event: &Event, lab: &Lab) {
        match event {
            Event::Table(TableEvent::Progress(progress)) if lab.ignores_progress(progress) => {}
            Event::Table(TableEvent::DetectorSaved(bytes)) => self.save_detector(bytes, lab),
            Event::Table(event) => {
                if let Some(action) = LabAction::from_event(event) {
                    self.dispatch.dispatch(action);
                }
            }
            Event::Failed(failure) => self.on_failure(failure),
            _ => {}
        }
    }

    fn on_failure(self: &Rc<Self>, failure: &Failure) {
        self.dispatch.dispatch(LabAction::from_failure(failure));
        if failure.kind == FailureKind::Device {
            // The Digits lab, if it is open, handles this too and moves its run: it goes first.
            let (controller, message) = (self.clone(), failure.message.clone());
            spawn_local(async move { controller.fall_back_to_cpu(message) });
        } else {
            self.services.notices.problem(failure.message.clone());
        }
    }

    fn fall_back_to_cpu(&self, reason: String) {
        let engine = &self.services.engine;
        if matches!(engine.state(), EngineState::Ready(device) if device.kind == DeviceKind::WebGpu) {
            self.services.notices.information(format!("{reason} Work continues on the CPU."));
            engine.restart(DevicePreference::Cpu, Some(reason));
        }
    }

    fn open(&self, file: File) {
        self.send_file(JobKind::Reading, file);
    }

    fn send_file(&self, job: JobKind, file: File) {
        let name = file.name();
        self.dispatch.dispatch(LabAction::OpenFile { job, name: name.clone().into() });
        let engine = &self.services.engine;
        if job == JobKind::Scoring {
            let slot = FileSlot { name, index: 0 };
            engine.send_with_files(Command::Table(TableCommand::Score { file: slot }), vec![file]);
        } else {
            engine.open_table(file);
        }
    }

    fn save_detector(&self, bytes: &Bytes, lab: &Lab) {
        let name = lab.data.detector.as_ref().map_or("table", |detector| &detector.name);
        if files::save(&detector_file(name), "application/octet-stream", &bytes.0).is_err() {
            self.services.notices.problem("The detector could not be saved: the browser refused the download.");
        }
    }
}

/// Name of a detector's file: the table's name without its extensions, and `-detector.safetensors`.
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
    fn a_detector_file_is_named_after_its_table() {
        assert_eq!(
            ["pumps.csv.gz", "pumps-detector.safetensors", ".csv", "my table"].map(detector_file),
            ["pumps-detector", "pumps-detector", "table-detector", "my table-detector"]
                .map(|stem| format!("{stem}.safetensors"))
        );
    }
}
