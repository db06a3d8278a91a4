//! Models and other files: those that come with the page, and those that a person opens.

use std::rc::Rc;

use pinhole_protocol::{Command, Experiment, ModelSummary, NamedFile, Preset, TrainingStart};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::Controller;
use crate::{
    builder::presets::preset_of,
    chosen_file::ChosenFile,
    engine_client::TableFiles,
    files,
    labs::digits::{
        state::LabAction,
        train::{is_ready_made, ready_made_name},
    },
};

/// Name of the ready-made model that is opened first.
const DENOISER: &str = "denoiser";

impl Controller {
    /// Fetches the ready-made denoiser and opens it, unless another model was opened meanwhile.
    pub fn open_ready_made(&self) {
        self.fetch_model(DENOISER, |controller, file| {
            controller.dispatch(LabAction::SetReadyMade(file.clone()));
            let lab = controller.lab();
            if lab.recovery.has_model() || lab.is_training() {
                controller.compare_with_ready_made();
            } else {
                controller.open_model(file);
            }
        });
    }

    /// Chooses a preset. If its run starts from a model and a person has none of their own, the one that comes with the
    /// page is opened.
    pub fn choose_preset(&self, preset: Preset) {
        let base = preset.base();
        self.dispatch(LabAction::ChoosePreset(preset));
        if let Some(base) = base.filter(|base| self.lacks_base(base)) {
            self.fetch_model(base, |controller, file| {
                // Meanwhile a run may have started, or another model or preset have been chosen.
                let lab = controller.lab();
                let base = preset_of(&lab.experiment).and_then(|preset| preset.base());
                if !lab.is_training() && base.is_some_and(|base| controller.lacks_base(base)) {
                    controller.open_model(file);
                }
            });
        }
    }

    /// True if a person has no model of their own, and the current one is not that which comes with the page for this.
    pub fn lacks_base(&self, base: &str) -> bool {
        let lab = self.lab();
        lab.model.as_ref().is_none_or(|model| is_ready_made(model) && model.name != ready_made_name(base))
    }

    /// Fetches a model that comes with the page.
    fn fetch_model(&self, name: &'static str, take: fn(&Self, &Rc<NamedFile>)) {
        let Some(controller) = self.this.upgrade() else { return };
        spawn_local(async move {
            match files::fetch(&format!("models/{name}.safetensors")).await {
                Ok(bytes) => take(&controller, &NamedFile { name: ready_made_name(name), bytes }.into()),
                Err(reason) => controller.services.notices.information(format!(
                    "The ready-made {name} could not be fetched ({reason}). Train a model, or open one."
                )),
            }
        });
    }

    /// Opens the ready-made denoiser again, to be trained further.
    pub fn continue_from_ready_made(&self) {
        if let Some(file) = self.lab().recovery.ready_made().cloned() {
            self.continues_opened.set(true);
            self.open_model(&file);
        }
    }

    /// Opens a model that is none of a stored run.
    fn open_model(&self, file: &Rc<NamedFile>) {
        self.dispatch(LabAction::SetRunId(None));
        self.send_model(file);
    }

    /// Sends a model file to the engine.
    pub(super) fn send_model(&self, file: &Rc<NamedFile>) {
        self.dispatch(LabAction::SendModel(file.clone()));
        self.services.engine.send(Command::OpenModel { file: (**file).clone() });
    }

    /// Follows a model that was opened.
    pub(super) fn on_model_ready(&self, model: &ModelSummary) {
        self.dispatch(LabAction::SetModel(Rc::new(model.clone())));
        if self.continues_opened.take() {
            // It was trained on pictures that are not open; it goes on with the data in hand.
            let data = self.lab().experiment.data.clone();
            self.dispatch(LabAction::OpenExperiment(Experiment { data, ..model.experiment.clone() }));
            self.dispatch(LabAction::SetStart(TrainingStart::Continue));
        }
        if !is_ready_made(model) {
            self.compare_with_ready_made();
        }
    }

    /// Sends the ready-made denoiser to the worker as its reference, once.
    pub(super) fn compare_with_ready_made(&self) {
        if let Some(file) = self.lab().recovery.ready_made().filter(|_| !self.has_reference.get()) {
            self.has_reference.set(true);
            self.services.engine.send(Command::OpenReference { file: (**file).clone() });
        }
    }

    /// Opens files dropped on the page.
    pub fn open_dropped(&self, dropped: Vec<ChosenFile>) {
        self.open_files(dropped.into_iter().map(|dropped| dropped.file).collect());
    }

    /// Sorts files into tables, models and images, and opens them: the first table and the first model.
    pub fn open_files(&self, chosen: Vec<File>) {
        let (tables, others): (Vec<File>, Vec<File>) =
            chosen.into_iter().partition(|file| files::is_table(&file.name()));
        self.open_table(tables);
        let is_model = |file: &File| file.name().to_ascii_lowercase().ends_with(".safetensors");
        let (models, images): (Vec<File>, Vec<File>) = others.into_iter().partition(is_model);
        self.open_model_file(models);
        if !images.is_empty() {
            self.open_images(images);
        }
    }

    /// Opens the files as one table to train on.
    pub fn open_table(&self, files: Vec<File>) {
        if !files.is_empty() {
            self.dispatch(LabAction::RequestTable);
            self.services.engine.open_table(TableFiles { files, part: None });
        }
    }

    /// Registers a table that another lab has opened, or that a new worker reads again.
    pub fn register_table(&self) {
        if self.services.engine.table().is_some() {
            self.dispatch(LabAction::TableChanged);
        }
    }

    /// Reads the first of the model files and sends it to the engine.
    fn open_model_file(&self, chosen: Vec<File>) {
        let (Some(file), Some(controller)) = (chosen.into_iter().next(), self.this.upgrade()) else { return };
        spawn_local(async move {
            match files::read(&[file]).await {
                Ok(files) => files.into_iter().for_each(|file| controller.open_model(&file.into())),
                Err(message) => controller.services.notices.problem(message),
            }
        });
    }

    /// Reads images and sends them to the engine.
    pub fn open_images(&self, chosen: Vec<File>) {
        let Some(controller) = self.this.upgrade() else { return };
        spawn_local(async move { controller.send_images(chosen, Vec::new()).await });
    }

    /// Opens the opened images again, with the pictures of these files left as they are.
    pub fn leave_as_is(&self, as_is: Vec<usize>) {
        let Some(controller) = self.this.upgrade() else { return };
        let images = self.lab().recovery.images().0.to_vec();
        spawn_local(async move { controller.send_images(images, as_is).await });
    }

    pub(super) async fn send_images(&self, images: Vec<File>, as_is: Vec<usize>) {
        match files::read(&images).await {
            Ok(files) => {
                self.dispatch(LabAction::SetImages { images, as_is: as_is.clone() });
                self.services.engine.send(Command::OpenImages { files, as_is });
            }
            Err(message) => self.services.notices.problem(message),
        }
    }

    /// Saves the engine's answer as a file, named after the model's preset.
    pub(super) fn save_model(&self, bytes: &[u8]) {
        let preset = self.lab().active_model().and_then(|model| preset_of(&model.experiment));
        let name = format!("pinhole-{}.safetensors", preset.map_or("model", |preset| preset.name));
        if files::save(&name, "application/octet-stream", bytes).is_err() {
            self.services.notices.problem("The model could not be saved: the browser refused the download.");
        }
    }
}
