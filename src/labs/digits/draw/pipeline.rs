//! State of the pipeline: the picture on its way from the pad through corruption, encoder, code and decoder, and what of
//! it is shown.

use std::rc::Rc;

use pinhole_protocol::{Corruption, DenoisedPicture, Event, Floats, GridShape, Noise, Picture, Quality};

use super::{code_figure::CodeEdit, epoch_strip::EpochStrip, shown_code::ShownCode, task::Task};

/// Model whose output is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShownModel {
    /// The current model.
    #[default]
    Yours,
    /// The ready-made model.
    ReadyMade,
}

/// Settings that the engine's answer depends on, beside the drawing and the model's weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeededCorruption {
    pub corruption: Corruption,
    pub noise_seed: u64,
}

/// State of the pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// Width of strokes, as a share of the pad's side.
    pub brush: f32,
    pub seeded_corruption: SeededCorruption,
    /// Task of the model.
    pub task: Task,
    /// True until a person draws or trains: the drawing is an example.
    pub is_example: bool,
    /// True if the engine has a model.
    has_model: bool,
    /// The drawing as the network sees it.
    clean: Option<Rc<Picture>>,
    /// The engine's newest answer; `None` without a model that reads pictures.
    comparison: Option<Rc<DenoisedPicture>>,
    shown_model: ShownModel,
    pub epochs: EpochStrip,
    pub code: Option<ShownCode>,
    /// Reconstruction of an edited code, which is shown in place of the output.
    decoded: Option<Rc<Picture>>,
    /// Numbers in the code of the ready-made model.
    pub reference_code_len: Option<usize>,
}

/// Task of the ready-made model: until it is here, so that its arrival leaves a noise that was chosen meanwhile.
const READY_MADE_TASK: Task = Task { corruption: Corruption { noise: Noise::Gaussian, level: 0.7, varied: true } };

impl Default for Pipeline {
    fn default() -> Self {
        Self {
            brush: 0.085,
            seeded_corruption: SeededCorruption { corruption: Corruption::new(Noise::Gaussian, 0.5), noise_seed: 1 },
            task: READY_MADE_TASK,
            is_example: true,
            has_model: false,
            clean: None,
            comparison: None,
            shown_model: ShownModel::default(),
            epochs: EpochStrip::default(),
            code: None,
            decoded: None,
            reference_code_len: None,
        }
    }
}

/// Change of the pipeline.
#[derive(Clone, Debug, PartialEq)]
pub enum PipelineAction {
    /// Sets the width of strokes.
    SetBrush(f32),
    /// Sets kind and level of the corruption.
    SetCorruption(Corruption),
    /// Draws the noise from another seed.
    SetNoiseSeed(u64),
    /// A person has drawn.
    BeginDrawing,
    /// Shows a clean picture alone, or nothing.
    ShowClean(Option<Rc<Picture>>),
    /// Shows the engine's answer.
    ShowDenoised(Rc<Picture>, Option<Rc<DenoisedPicture>>),
    /// Shows the reconstruction of the edited code.
    ShowDecoded(Rc<Picture>),
    /// A person selects, edits or resets the code.
    EditCode(CodeEdit),
    /// Chooses the model whose output is shown.
    ShowModel(ShownModel),
    /// Chooses a picture of the strip by its index.
    ChooseEpoch(usize),
    /// A picture was requested from the engine.
    Requested,
    /// A run begins; true if it continues the current model.
    BeginRun(bool),
    /// The engine has lost its model.
    ModelLost,
}

/// Output that is shown: values, shape, and quality compared with the clean picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Output<'a> {
    pub values: &'a [f32],
    pub shape: GridShape,
    /// `None` for the reconstruction of an edited code.
    pub quality: Option<Quality>,
}

impl Pipeline {
    /// State after an action.
    pub fn reduce(&mut self, action: PipelineAction) {
        match action {
            PipelineAction::SetBrush(brush) => self.brush = brush,
            PipelineAction::SetCorruption(corruption) => {
                self.seeded_corruption.corruption = corruption;
                self.epochs.release();
            }
            PipelineAction::SetNoiseSeed(noise_seed) => {
                self.seeded_corruption.noise_seed = noise_seed;
                self.epochs.release();
            }
            PipelineAction::BeginDrawing => self.is_example = false,
            PipelineAction::ShowClean(clean) => self.show(clean, None),
            PipelineAction::ShowDenoised(clean, comparison) => {
                // Until the page knows of a model, the clean picture is shown alone.
                let comparison = comparison.filter(|_| self.has_model);
                if let Some(comparison) = &comparison {
                    self.epochs.take(comparison);
                }
                self.show(Some(clean), comparison);
            }
            PipelineAction::ShowDecoded(picture) => {
                if self.code.as_ref().is_some_and(|shown| shown.is_edited) {
                    self.decoded = Some(picture);
                }
            }
            PipelineAction::EditCode(edit) => self.edit_code(edit),
            PipelineAction::ShowModel(model) => {
                self.shown_model = model;
                self.epochs.release();
            }
            PipelineAction::ChooseEpoch(index) => {
                self.epochs.choose(index);
                self.shown_model = ShownModel::Yours;
            }
            PipelineAction::Requested => self.epochs.request(),
            PipelineAction::BeginRun(continues) => {
                if !continues {
                    self.epochs = EpochStrip::default();
                }
                self.epochs.release();
                self.shown_model = ShownModel::Yours;
                self.is_example = false;
            }
            PipelineAction::ModelLost => self.has_model = false,
        }
    }

    /// Takes an event of the engine. Returns true if something has changed.
    pub fn receive(&mut self, event: &Event) -> bool {
        match event {
            Event::ModelReady(_) => {
                self.has_model = true;
                self.epochs = EpochStrip::default();
                self.shown_model = ShownModel::Yours;
            }
            Event::Samples(_) if !self.has_model => self.has_model = true,
            Event::ReferenceReady(model) => {
                self.reference_code_len = model.experiment.network.plan().ok().map(|plan| plan.code.len());
            }
            Event::RunModels(_) => self.epochs.release(),
            Event::EpochDone(record) => self.epochs.finish_epoch(record.epoch),
            _ => return false,
        }
        true
    }

    /// Sets the task of the model: a person sees it first with the corruption that it was trained for.
    pub fn set_task(&mut self, task: Task) {
        if self.task != task {
            self.task = task;
            self.seeded_corruption.corruption = task.shown_corruption();
        }
    }

    /// Shows a picture. One that was chosen from the strip is of another drawing, if that has changed.
    fn show(&mut self, clean: Option<Rc<Picture>>, comparison: Option<Rc<DenoisedPicture>>) {
        if self.clean != clean {
            self.epochs.release();
        }
        self.code = comparison.as_ref().map(|answer| ShownCode::new(answer.code.clone(), self.code.as_ref()));
        (self.clean, self.comparison, self.decoded) = (clean, comparison, None);
    }

    fn edit_code(&mut self, edit: CodeEdit) {
        let Some(shown) = &mut self.code else { return };
        match edit {
            CodeEdit::Reset => {
                if let Some(comparison) = &self.comparison {
                    *shown = ShownCode::new(comparison.code.clone(), Some(shown));
                }
                self.decoded = None;
            }
            CodeEdit::Select(unit) => shown.selected = Some(unit),
            CodeEdit::Set(unit, value) => {
                shown.set(unit, value);
                self.epochs.release();
            }
        }
    }

    /// True if the engine has a model.
    pub const fn has_model(&self) -> bool {
        self.has_model
    }

    /// The drawing as the network sees it.
    pub const fn clean(&self) -> Option<&Rc<Picture>> {
        self.clean.as_ref()
    }

    /// The engine's newest answer.
    pub fn comparison(&self) -> Option<&DenoisedPicture> {
        self.comparison.as_deref()
    }

    /// Edited code whose reconstruction is not known yet.
    pub fn edited_code(&self) -> Option<&Floats> {
        self.code.as_ref().filter(|shown| shown.is_edited).map(|shown| &shown.code.values)
    }

    /// Quality of the current model's output.
    pub fn own_quality(&self) -> Option<Quality> {
        self.comparison().map(|comparison| comparison.denoised_quality)
    }

    /// Quality of the ready-made model's output for the same input, if it can be compared.
    pub fn reference_quality(&self) -> Option<Quality> {
        self.comparison()?.reference.as_ref().map(|reference| reference.quality)
    }

    /// Model whose output is shown: the current one where there is nothing to compare it with.
    pub fn shown_model(&self) -> ShownModel {
        if self.reference_quality().is_some() { self.shown_model } else { ShownModel::Yours }
    }

    /// Errors of both models where something was hidden, the current one's first.
    pub fn hidden_errors(&self) -> Option<(f64, f64)> {
        let own = self.comparison()?;
        own.hidden_mse.zip(own.reference.as_ref()?.hidden_mse)
    }

    /// True if the ready-made model's output stands beside that of the current one: it is the better of the two. Where
    /// something was hidden, that alone counts: whoever copies the rest and leaves the hole has the higher PSNR.
    pub fn is_reference_beside(&self) -> bool {
        let is_better = |(own, reference): (Quality, Quality)| reference.psnr_db > own.psnr_db;
        let fills_better = |(own, reference): (f64, f64)| reference < own;
        self.shown_model() == ShownModel::Yours
            && match self.hidden_errors() {
                Some(errors) => fills_better(errors),
                None => self.own_quality().zip(self.reference_quality()).is_some_and(is_better),
            }
    }

    /// Output that is shown; `None` without a model that reads pictures.
    pub fn output(&self) -> Option<Output<'_>> {
        let comparison = self.comparison()?;
        if let Some(chosen) = self.epochs.chosen() {
            let Picture { shape, ref values } = *chosen.picture;
            return Some(Output { values: &values.0, shape, quality: Some(chosen.quality) });
        }
        match (self.shown_model(), &self.decoded) {
            (ShownModel::ReadyMade, _) => self.reference(),
            (ShownModel::Yours, Some(decoded)) => {
                Some(Output { values: &decoded.values.0, shape: decoded.shape, quality: None })
            }
            (ShownModel::Yours, None) => Some(Output {
                values: &comparison.denoised.0,
                shape: comparison.shape,
                quality: Some(comparison.denoised_quality),
            }),
        }
    }

    /// The engine's answer, if its output is what is shown: no earlier epoch, no other model, no edited code.
    pub fn shown_answer(&self) -> Option<&DenoisedPicture> {
        let is_newest = self.epochs.chosen().is_none() && self.decoded.is_none();
        self.comparison().filter(|_| is_newest && self.shown_model() == ShownModel::Yours)
    }

    /// Output of the ready-made model.
    pub fn reference(&self) -> Option<Output<'_>> {
        let comparison = self.comparison()?;
        let reference = comparison.reference.as_ref()?;
        Some(Output { values: &reference.denoised.0, shape: comparison.shape, quality: Some(reference.quality) })
    }
}

#[cfg(test)]
mod tests;
