//! Live pictures of the drawing: the engine centres, corrupts, encodes and decodes it after each change, one request at
//! a time.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_render::{AnimationFrame, request_animation_frame};
use pinhole_protocol::{
    Bytes, Command, Corruption, DenoiseSource, DenoisedPicture, Event, Floats, GridShape, Noise, Picture, Quality,
};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::{
    code_figure::{self, CodeEdit},
    shown_code::ShownCode,
    task::Task,
};
use crate::{
    components::{
        drawing_pad::{DrawingEdit, DrawingPad, PAD_SIDE_PX, PadContent},
        picture,
    },
    engine_client::{Engine, EngineState, EngineUpdate},
    latest_request::LatestRequest,
};

/// Canvases of the three pictures.
#[derive(Default)]
pub struct Pictures {
    pub clean: NodeRef,
    pub noisy: NodeRef,
    pub denoised: NodeRef,
    /// Cells or maps of the code.
    pub code: NodeRef,
}

impl Pictures {
    fn paint(&self, clean: Option<&Picture>, comparison: Option<&DenoisedPicture>) {
        let (values, shape) = clean.map_or((&[][..], GridShape::MNIST), |clean| (&clean.values.0, clean.shape));
        show(&self.clean, values, shape);
        let (noisy, denoised, shape) = comparison.map_or((&[][..], &[][..], shape), |comparison| {
            (&comparison.noisy.0, &comparison.denoised.0, comparison.shape)
        });
        show(&self.noisy, noisy, shape);
        show(&self.denoised, denoised, shape);
    }
}

fn show(canvas: &NodeRef, values: &[f32], shape: GridShape) {
    if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
        picture::show(&canvas, values, shape);
    }
}

/// Quality of the noisy and of the denoised picture, compared with the clean one; the latter is `None` if it was decoded
/// from an edited code.
pub type Qualities = (Quality, Option<Quality>);

/// Change that the pictures have to follow. A greater one includes the lesser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    /// The corruption or the model changed: the same clean picture is denoised again.
    Denoising,
    /// The drawing or the input's shape changed.
    Drawing,
}

/// State of live denoising.
pub struct LiveDenoiser {
    engine: Engine,
    pub pad: Rc<DrawingPad>,
    pub pictures: Pictures,
    /// Width of strokes, as a share of the pad's side.
    pub brush: Cell<f32>,
    pub corruption: Cell<Corruption>,
    /// Qualities of the pictures shown; `None` without a denoised picture.
    pub qualities: Cell<Option<Qualities>>,
    /// Code of the picture shown; `None` without a denoised picture.
    pub code: RefCell<Option<ShownCode>>,
    requests: RefCell<LatestRequest<Change>>,
    /// Edited codes to be decoded.
    decodings: RefCell<LatestRequest<Floats>>,
    clean: RefCell<Option<Rc<Picture>>>,
    noise_seed: Cell<u64>,
    /// True if the engine has a model.
    has_model: Cell<bool>,
    /// Input shape of the model.
    input: Cell<GridShape>,
    /// Task of the model.
    task: Cell<Task>,
    /// True while the lab is shown; hidden, it sends no requests.
    is_shown: Cell<bool>,
    frame: RefCell<Option<AnimationFrame>>,
    /// Handle that renders the component again.
    update: UseForceUpdateHandle,
}

/// Task of the ready-made model: until it is here, so that its arrival leaves a noise that was chosen meanwhile.
const READY_MADE_TASK: Task = Task { corruption: Corruption { noise: Noise::Gaussian, level: 0.7, varied: true } };

/// Random seed of 32 bits.
pub fn random_seed() -> u64 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u64
}

impl LiveDenoiser {
    /// Creates the state; `update` is called when the component has to be rendered again.
    pub fn new(engine: Engine, update: UseForceUpdateHandle) -> Self {
        Self {
            engine,
            pad: Rc::default(),
            pictures: Pictures::default(),
            brush: Cell::new(0.085),
            corruption: Cell::new(Corruption::new(Noise::Gaussian, 0.5)),
            qualities: Cell::default(),
            code: RefCell::default(),
            requests: RefCell::default(),
            decodings: RefCell::default(),
            clean: RefCell::default(),
            noise_seed: Cell::new(1),
            has_model: Cell::new(false),
            input: Cell::new(GridShape::MNIST),
            task: Cell::new(READY_MADE_TASK),
            is_shown: Cell::new(true),
            frame: RefCell::default(),
            update,
        }
    }

    /// Follows a change in the next frame, or after the answer to the request in flight.
    fn follow(self: &Rc<Self>, change: Change) {
        {
            let mut requests = self.requests.borrow_mut();
            if requests.queued().is_none_or(|queued| *queued < change) {
                requests.queue(change);
            }
        }
        self.schedule();
    }

    /// Shows or hides the lab; changes made while it was hidden are followed when it is shown again.
    pub fn set_shown(self: &Rc<Self>, is_shown: bool) {
        self.is_shown.set(is_shown);
        self.schedule();
    }

    /// Sets the kind and level of noise.
    pub fn set_corruption(self: &Rc<Self>, corruption: Corruption) {
        self.corruption.set(corruption);
        self.follow(Change::Denoising);
        self.update.force_update();
    }

    /// Draws noise of the same kind and level from another seed.
    pub fn redraw_noise(self: &Rc<Self>) {
        self.noise_seed.set(random_seed());
        self.follow(Change::Denoising);
    }

    /// Requests a random sample that training does not use.
    pub fn request_random_sample(&self) {
        self.engine.send(Command::RandomSample { seed: random_seed() });
    }

    /// Takes an update of the engine.
    pub fn on_update(self: &Rc<Self>, update: &EngineUpdate) {
        match update {
            EngineUpdate::State(EngineState::Loading { .. }) => {
                self.has_model.set(false);
                self.requests.borrow_mut().finish_any();
                self.decodings.borrow_mut().cancel();
            }
            EngineUpdate::Event(Event::ModelReady(_)) => {
                self.has_model.set(true);
                self.follow(Change::Drawing);
            }
            // Each step changes the model's weights.
            EngineUpdate::Event(Event::Samples(_)) => {
                self.has_model.set(true);
                self.follow(Change::Denoising);
            }
            EngineUpdate::Event(Event::Progress(_) | Event::TrainingEnded(_)) if self.has_model.get() => {
                self.follow(Change::Denoising);
            }
            EngineUpdate::Event(Event::Sample(picture)) => {
                self.pad.add(DrawingEdit::Sample(Rc::new(picture.clone())));
                self.on_drawing_changed();
            }
            EngineUpdate::Event(Event::Denoised { request, clean, comparison }) if self.is_answer(*request) => {
                *self.clean.borrow_mut() = Some(Rc::new(clean.clone()));
                // Until the page knows of a model that reads pictures, the clean picture is shown alone.
                self.show(Some(clean), comparison.as_ref().filter(|_| self.can_denoise()));
                self.schedule();
            }
            EngineUpdate::Event(Event::Decoded { request, picture })
                if self.decodings.borrow_mut().finish(*request) =>
            {
                self.show_decoded(picture);
                self.decode_queued();
            }
            // The failure may be the answer.
            EngineUpdate::Event(Event::Failed(_)) => {
                self.requests.borrow_mut().finish_any();
                self.decodings.borrow_mut().cancel();
            }
            _ => {}
        }
    }

    /// Sets the width of strokes.
    pub fn set_brush(&self, brush: f32) {
        self.brush.set(brush);
        self.update.force_update();
    }

    /// Follows a change of the drawing.
    pub fn on_drawing_changed(self: &Rc<Self>) {
        self.follow(Change::Drawing);
        self.update.force_update();
    }

    /// True while the lab is shown.
    pub const fn is_shown(&self) -> bool {
        self.is_shown.get()
    }

    /// Sets the input shape of the model. A drawing is not denoised by a model of rows.
    pub fn set_input(self: &Rc<Self>, input: GridShape) {
        self.input.set(input);
        if let Some(clean) = self.clean.borrow().as_ref().filter(|_| !picture::is_picture(input)) {
            self.show(Some(clean), None);
        }
        // The drawing is scaled to the new shape.
        self.follow(Change::Drawing);
    }

    /// Sets the task of the model: a person sees it first with the corruption that it was trained for.
    pub fn set_task(self: &Rc<Self>, task: Task) {
        if self.task.replace(task) != task {
            self.set_corruption(task.shown_corruption());
        }
    }

    /// Task of the model.
    pub const fn task(&self) -> Task {
        self.task.get()
    }

    /// Input shape of the model.
    pub const fn input(&self) -> GridShape {
        self.input.get()
    }

    /// Takes a person's edit of the code, and has the decoder draw it.
    pub fn edit_code(self: &Rc<Self>, edit: CodeEdit) {
        match edit {
            CodeEdit::Reset => self.follow(Change::Denoising),
            CodeEdit::Select(unit) => {
                if let Some(shown) = &mut *self.code.borrow_mut() {
                    shown.selected = Some(unit);
                }
            }
            CodeEdit::Set(unit, value) => {
                if let Some(shown) = &mut *self.code.borrow_mut()
                    && shown.set(unit, value)
                {
                    self.decodings.borrow_mut().queue(shown.code.values.clone());
                }
                self.decode_queued();
            }
        }
        self.update.force_update();
    }

    fn decode_queued(&self) {
        let mut decodings = self.decodings.borrow_mut();
        if let Some(code) = decodings.take_queued() {
            let request = decodings.start(code.clone());
            self.engine.send(Command::Decode { request, code });
        }
    }

    /// Shows the reconstruction of an edited code. It has no clean picture to be compared with.
    fn show_decoded(&self, picture: &Picture) {
        if self.code.borrow().as_ref().is_some_and(|shown| shown.is_edited) {
            show(&self.pictures.denoised, &picture.values.0, picture.shape);
            self.qualities.set(self.qualities.get().map(|(noisy, _)| (noisy, None)));
            self.update.force_update();
        }
    }

    /// Paints the code after it was rendered.
    pub fn paint_code(&self) {
        if let Some(shown) = &*self.code.borrow() {
            code_figure::paint(&self.pictures.code, &shown.code);
        }
    }

    /// True if there is no picture.
    pub fn is_blank(&self) -> bool {
        self.clean.borrow().is_none()
    }

    fn is_request_due(&self) -> bool {
        let requests = self.requests.borrow();
        requests.queued().is_some() && !requests.is_in_flight()
    }

    fn can_denoise(&self) -> bool {
        self.has_model.get() && picture::is_picture(self.input.get())
    }

    fn is_answer(&self, request: u32) -> bool {
        self.requests.borrow_mut().finish(request)
    }

    fn schedule(self: &Rc<Self>) {
        if !self.is_shown.get() || !self.is_request_due() || self.frame.borrow().is_some() {
            return;
        }
        let denoiser = Rc::downgrade(self);
        let frame = request_animation_frame(move |_| {
            if let Some(denoiser) = denoiser.upgrade() {
                denoiser.frame.borrow_mut().take();
                denoiser.send_next();
            }
        });
        *self.frame.borrow_mut() = Some(frame);
    }

    fn send_next(self: &Rc<Self>) {
        let change = self.requests.borrow_mut().take_queued();
        match change {
            Some(Change::Drawing) => match self.pad.content() {
                PadContent::Empty => {
                    self.clean.borrow_mut().take();
                    self.show(None, None);
                }
                PadContent::Sample(picture) => self.set_clean(&picture),
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

    fn set_clean(self: &Rc<Self>, picture: &Rc<Picture>) {
        *self.clean.borrow_mut() = Some(picture.clone());
        if self.can_denoise() {
            self.denoise_again();
        } else {
            self.show(Some(picture), None);
            self.schedule();
        }
    }

    /// Denoises the clean picture that is shown.
    fn denoise_again(&self) {
        let Some(clean) = self.clean.borrow().clone().filter(|_| self.can_denoise()) else { return };
        self.denoise(Change::Denoising, DenoiseSource::Picture((*clean).clone()));
    }

    fn denoise(&self, change: Change, source: DenoiseSource) {
        let request = self.requests.borrow_mut().start(change);
        self.engine.send(Command::Denoise {
            request,
            source,
            corruption: self.corruption.get(),
            noise_seed: self.noise_seed.get(),
        });
    }

    fn show(&self, clean: Option<&Picture>, comparison: Option<&DenoisedPicture>) {
        self.pictures.paint(clean, comparison);
        self.qualities.set(comparison.map(|comparison| (comparison.noisy_quality, Some(comparison.denoised_quality))));
        let code = comparison.map(|comparison| ShownCode::new(comparison.code.clone(), self.code.borrow().as_ref()));
        self.code.replace(code);
        self.update.force_update();
    }
}
