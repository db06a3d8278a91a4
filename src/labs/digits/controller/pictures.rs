//! Requests for pictures: the drawing is centred, corrupted, encoded and decoded after each change, one request at a time;
//! edited codes are decoded, and codes that belong to no input.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_render::{AnimationFrame, request_animation_frame};
use pinhole_protocol::{
    Bytes, Command, DenoiseSource, DenoisedPicture, Event, FailureKind, Floats, GridShape, Picture, TrainingPhase,
};

use super::Controller;
use crate::{
    components::{
        drawing_pad::{DrawingEdit, PAD_SIDE_PX, PadContent},
        picture::is_picture,
    },
    labs::digits::{
        draw::PipelineAction,
        state::{Lab, LabAction, RunPhase, ViewTab},
        train::is_ready_made,
    },
    latest_request::LatestRequest,
};

/// Seed of the sample that is shown at first.
const FIRST_SAMPLE_SEED: u64 = 5;

/// Change that the pictures have to follow. A greater one includes the lesser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The corruption or the model changed: the same clean picture is denoised again.
    Denoising,
    /// The drawing or the input's shape changed.
    Drawing,
}

impl Change {
    /// Change that an event of the engine brings to a lab.
    fn of(event: &Event, lab: &Lab) -> Option<Self> {
        match event {
            Event::ModelReady(_) => Some(Self::Drawing),
            // Each step changes the model's weights.
            Event::Samples(_) | Event::ReferenceReady(_) | Event::EpochDone(_) => Some(Self::Denoising),
            Event::Progress(_) | Event::TrainingEnded(_) if lab.pipeline.has_model() => Some(Self::Denoising),
            _ => None,
        }
    }
}

/// Requests in flight and queued.
#[derive(Default)]
pub struct PictureRequests {
    changes: RefCell<LatestRequest<Change>>,
    /// Edited codes to be decoded.
    decodings: RefCell<LatestRequest<Floats>>,
    /// Seeds of pictures to be generated.
    generations: RefCell<LatestRequest<u64>>,
    frame: RefCell<Option<AnimationFrame>>,
    /// True until the sample arrives that is shown at first.
    awaits_first_sample: Cell<bool>,
    /// Change whose answer was forgotten last.
    unanswered: RefCell<Option<Change>>,
}

impl PictureRequests {
    /// Forgets the answers that a worker owes, as it is gone or has failed; what waits is sent later.
    pub fn cancel(&self) {
        let unanswered = self.changes.borrow_mut().finish_any();
        self.unanswered.replace(unanswered);
        self.decodings.borrow_mut().cancel();
        self.generations.borrow_mut().cancel();
    }
}

/// Random seed of 32 bits.
fn random_seed() -> u64 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u64
}

impl Controller {
    /// Requests the pictures that follow from a change of the state.
    pub(super) fn follow_pictures(&self, before: &Lab, after: &Lab) {
        if before.pipeline.seeded_corruption != after.pipeline.seeded_corruption {
            self.queue_pictures(Change::Denoising);
        }
        if before.active_input() != after.active_input() {
            self.on_input_changed(after);
        }
        if let Some(code) = after.pipeline.edited_code().filter(|code| before.pipeline.edited_code() != Some(code)) {
            self.pictures.decodings.borrow_mut().queue(code.clone());
            self.decode_queued();
        }
        if before.view.is_shown != after.view.is_shown {
            self.schedule_pictures();
        }
        let generation = |lab: &Lab| generates(lab).then_some(lab.report.seed);
        if let Some(seed) = generation(after).filter(|seed| generation(before) != Some(*seed)) {
            self.request_generation(seed);
        }
    }

    fn on_input_changed(&self, lab: &Lab) {
        // A drawing is not sent to a model of rows; else it is scaled to the new shape.
        if !is_picture(lab.active_input()) {
            self.act(PipelineAction::ShowClean(lab.pipeline.clean().cloned()));
        }
        self.queue_pictures(Change::Drawing);
    }

    /// Takes an event of the engine that may be an answer, or change the pictures.
    pub(super) fn on_picture_event(&self, event: &Event) {
        if let Some(change) = Change::of(event, &self.lab()) {
            self.queue_pictures(change);
        }
        match event {
            // The first sample comes too late where a drawing was taken up after a reload.
            Event::Sample(_) if self.pictures.awaits_first_sample.take() && !self.pad.is_empty() => {}
            Event::Sample(picture) => {
                self.pad.add(DrawingEdit::Sample(Rc::new(picture.clone())));
                self.on_drawing_changed();
            }
            Event::Denoised { request, clean, comparison } => self.on_answer(*request, clean, comparison.as_ref()),
            Event::Decoded { request, picture } if self.pictures.decodings.borrow_mut().finish(*request) => {
                self.act(PipelineAction::ShowDecoded(Rc::new(picture.clone())));
                self.decode_queued();
            }
            Event::Generated { request, .. } => {
                self.pictures.generations.borrow_mut().finish(*request);
                self.generate_queued();
            }
            Event::Samples(_) | Event::TrainingEnded(_) | Event::ModelReady(_) | Event::RunModels(_) => {
                let lab = self.lab();
                if generates(&lab) {
                    self.request_generation(lab.report.seed);
                }
            }
            // The failure may be the answer.
            Event::Failed(failure) => {
                self.pictures.cancel();
                // A file or a command that is refused is another's failure: the answer is on its way, but stale by now.
                let is_anothers = matches!(failure.kind, FailureKind::File | FailureKind::State);
                if let Some(change) = self.pictures.unanswered.take().filter(|_| is_anothers) {
                    self.queue_pictures(change);
                }
            }
            _ => {}
        }
    }

    fn on_answer(&self, request: u32, clean: &Picture, comparison: Option<&DenoisedPicture>) {
        if !self.pictures.changes.borrow_mut().finish(request) {
            return;
        }
        let lab = self.lab();
        let comparison = comparison.filter(|_| lab.can_denoise()).map(|comparison| {
            let mut comparison = comparison.clone();
            if lab.active_model().is_some_and(|model| is_ready_made(&model)) {
                // It would be compared with itself.
                comparison.reference = None;
            }
            Rc::new(comparison)
        });
        self.act(PipelineAction::ShowDenoised(Rc::new(clean.clone()), comparison));
        self.schedule_pictures();
    }

    /// Follows a change of the drawing by a person.
    pub fn on_drawn(&self) {
        if self.lab().pipeline.is_example {
            self.act(PipelineAction::BeginDrawing);
        }
        self.on_drawing_changed();
    }

    /// Requests the sample that is shown until somebody draws.
    pub fn request_first_sample(&self) {
        self.pictures.awaits_first_sample.set(true);
        self.services.engine.send(Command::RandomSample { seed: FIRST_SAMPLE_SEED });
    }

    fn on_drawing_changed(&self) {
        self.schedule_draft();
        self.queue_pictures(Change::Drawing);
        self.update.force_update();
    }

    /// Undoes or redoes an edit of the drawing, or clears it.
    pub fn edit_drawing(&self, edit: impl FnOnce(&crate::components::drawing_pad::DrawingPad)) {
        edit(&self.pad);
        self.on_drawn();
    }

    /// Requests a random sample that training does not use.
    pub fn request_random_sample(&self) {
        self.act(PipelineAction::BeginDrawing);
        self.services.engine.send(Command::RandomSample { seed: random_seed() });
    }

    /// Puts uniform noise in place of the drawing.
    pub fn draw_random_noise(&self) {
        let shape = self.lab().active_input();
        let shape = if is_picture(shape) { shape } else { GridShape::MNIST };
        let values = (0..shape.len()).map(|_| js_sys::Math::random() as f32).collect();
        let noise = Picture { shape, values: Floats(values) };
        self.edit_drawing(|pad| pad.add(DrawingEdit::Sample(Rc::new(noise))));
    }

    /// Draws the noise of the corruption from another seed.
    pub fn redraw_noise(&self) {
        self.act(PipelineAction::SetNoiseSeed(random_seed()));
    }

    /// Draws the generated pictures from another seed.
    pub fn redraw_generated(&self) {
        self.dispatch(LabAction::SetGenerationSeed(random_seed()));
    }

    fn request_generation(&self, seed: u64) {
        self.pictures.generations.borrow_mut().queue(seed);
        self.generate_queued();
    }

    /// True while the engine may change to another model before the page knows.
    fn is_between_models(&self) -> bool {
        self.lab().phase == RunPhase::Active(TrainingPhase::Preparing)
    }

    fn generate_queued(&self) {
        if self.is_between_models() {
            return;
        }
        let mut generations = self.pictures.generations.borrow_mut();
        if let Some(seed) = generations.take_queued() {
            let request = generations.start(seed);
            self.services.engine.send(Command::Generate { request, seed });
        }
    }

    fn decode_queued(&self) {
        if self.is_between_models() {
            return;
        }
        let mut decodings = self.pictures.decodings.borrow_mut();
        if let Some(code) = decodings.take_queued() {
            let request = decodings.start(code.clone());
            self.services.engine.send(Command::Decode { request, code });
        }
    }

    /// Follows a change in the next frame, or after the answer to the request in flight.
    fn queue_pictures(&self, change: Change) {
        {
            let mut changes = self.pictures.changes.borrow_mut();
            if changes.queued().is_none_or(|queued| *queued < change) {
                changes.queue(change);
            }
        }
        self.schedule_pictures();
    }

    fn schedule_pictures(&self) {
        let is_due = {
            let changes = self.pictures.changes.borrow();
            changes.queued().is_some() && !changes.is_in_flight()
        };
        // Hidden, the lab sends no requests.
        if !self.lab().view.is_shown || !is_due || self.pictures.frame.borrow().is_some() {
            return;
        }
        let controller = self.this.clone();
        let frame = request_animation_frame(move |_| {
            if let Some(controller) = controller.upgrade() {
                controller.pictures.frame.borrow_mut().take();
                controller.send_next_picture();
            }
        });
        *self.pictures.frame.borrow_mut() = Some(frame);
    }

    fn send_next_picture(&self) {
        let change = self.pictures.changes.borrow_mut().take_queued();
        match change {
            Some(Change::Drawing) => match self.pad.content() {
                PadContent::Empty => self.act(PipelineAction::ShowClean(None)),
                PadContent::Sample(picture) => self.show_sample(picture),
                PadContent::Ink(pixels) => {
                    let side = PAD_SIDE_PX as usize;
                    let source = DenoiseSource::Drawing { pixels: Bytes(pixels), width: side, height: side };
                    self.denoise(Change::Drawing, source);
                }
            },
            Some(Change::Denoising) => self.denoise_again(),
            None => {}
        }
    }

    fn show_sample(&self, picture: Rc<Picture>) {
        if self.lab().can_denoise() {
            self.denoise(Change::Drawing, DenoiseSource::Picture((*picture).clone()));
        } else {
            self.act(PipelineAction::ShowClean(Some(picture)));
            self.schedule_pictures();
        }
    }

    /// Denoises the clean picture that is shown.
    fn denoise_again(&self) {
        let lab = self.lab();
        if let Some(clean) = lab.pipeline.clean().filter(|_| lab.can_denoise()) {
            self.denoise(Change::Denoising, DenoiseSource::Picture((**clean).clone()));
        }
    }

    fn denoise(&self, change: Change, source: DenoiseSource) {
        let lab = self.lab();
        let seeded_corruption = lab.pipeline.seeded_corruption;
        if lab.pipeline.epochs.is_due() {
            self.act(PipelineAction::Requested);
        }
        let request = self.pictures.changes.borrow_mut().start(change);
        self.services.engine.send(Command::Denoise {
            request,
            source,
            corruption: seeded_corruption.corruption,
            noise_seed: seeded_corruption.noise_seed,
        });
    }
}

/// True if generated pictures are in sight, and the model makes any.
fn generates(lab: &Lab) -> bool {
    lab.view.shows(ViewTab::Samples) && lab.view.is_generative && lab.can_denoise()
}
