//! From the pad to the denoised picture: centre it, dirty it, clean it; live, one question at a time.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_render::{AnimationFrame, request_animation_frame};
use pinhole_protocol::{
    Bytes, Command, Comparison, Corruption, DenoiseSource, Event, GridShape, Noise, Picture, Quality,
};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::errands::{Errand, Errands};
use crate::{
    components::{
        pad::{Mark, PAD_PIXELS, Pad, PadPicture},
        picture,
    },
    engine_client::{Engine, EngineState, News},
};

/// The canvases of the three pictures.
#[derive(Default)]
pub struct Pictures {
    pub clean: NodeRef,
    pub noisy: NodeRef,
    pub denoised: NodeRef,
}

impl Pictures {
    fn paint(&self, clean: Option<&Picture>, comparison: Option<&Comparison>) {
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

/// How like the noisy and the denoised picture are to the clean one.
pub type Likeness = (Quality, Quality);

/// The pictures' way through the engine.
pub struct Desk {
    engine: Engine,
    pub pad: Rc<Pad>,
    pub pictures: Pictures,
    /// Width of the brush, as a share of the pad's side.
    pub brush: Cell<f32>,
    pub corruption: Cell<Corruption>,
    /// Of the pictures shown; `None` while there is nothing to compare.
    pub likeness: Cell<Option<Likeness>>,
    errands: RefCell<Errands>,
    clean: RefCell<Option<Rc<Picture>>>,
    noise_seed: Cell<u64>,
    /// Without a model nothing can be cleaned.
    has_model: Cell<bool>,
    /// What the model reads.
    input: Cell<GridShape>,
    /// Out of sight, errands wait.
    is_shown: Cell<bool>,
    frame: RefCell<Option<AnimationFrame>>,
    /// Renders the controls and figures anew.
    update: UseForceUpdateHandle,
}

/// A number that a message can carry exactly.
pub fn random_seed() -> u64 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u64
}

impl Desk {
    /// A desk that calls `update` when there are other figures to show.
    pub fn new(engine: Engine, update: UseForceUpdateHandle) -> Self {
        Self {
            engine,
            pad: Rc::default(),
            pictures: Pictures::default(),
            brush: Cell::new(0.085),
            corruption: Cell::new(Corruption::new(Noise::Gaussian, 0.5)),
            likeness: Cell::default(),
            errands: RefCell::default(),
            clean: RefCell::default(),
            noise_seed: Cell::new(1),
            has_model: Cell::new(false),
            input: Cell::new(GridShape::MNIST),
            is_shown: Cell::new(true),
            frame: RefCell::default(),
            update,
        }
    }

    /// Something changed: works it out at the next frame, or after the answer under way.
    pub fn want(self: &Rc<Self>, errand: Errand) {
        self.errands.borrow_mut().want(errand);
        self.run_soon();
    }

    /// In sight or not: what changed meanwhile is worked out when it is seen again.
    pub fn set_shown(self: &Rc<Self>, is_shown: bool) {
        self.is_shown.set(is_shown);
        self.run_soon();
    }

    /// Another noise, or more or less of it.
    pub fn set_corruption(self: &Rc<Self>, corruption: Corruption) {
        self.corruption.set(corruption);
        self.want(Errand::Clean);
        self.update.force_update();
    }

    /// The same kind and level of noise, thrown anew.
    pub fn throw_noise(self: &Rc<Self>) {
        self.noise_seed.set(random_seed());
        self.want(Errand::Clean);
    }

    /// Asks for a sample that training does not see.
    pub fn surprise(&self) {
        self.engine.send(Command::RandomSample { seed: random_seed() });
    }

    /// Takes what concerns the desk from the news.
    pub fn hear(self: &Rc<Self>, news: &News) {
        match news {
            News::State(EngineState::Loading { .. }) => {
                self.has_model.set(false);
                self.errands.borrow_mut().give_up();
            }
            News::Event(Event::ModelReady(_)) => {
                self.has_model.set(true);
                self.want(Errand::Drawing);
            }
            // The model is another one after every step.
            News::Event(Event::Samples(_)) => {
                self.has_model.set(true);
                self.want(Errand::Clean);
            }
            News::Event(Event::Progress(_) | Event::TrainingEnded(_)) if self.has_model.get() => {
                self.want(Errand::Clean);
            }
            News::Event(Event::Sample(picture)) => {
                self.pad.add(Mark::Sample(Rc::new(picture.clone())));
                self.pad_changed();
            }
            News::Event(Event::Denoised { request, clean, comparison }) if self.is_answer(*request) => {
                *self.clean.borrow_mut() = Some(Rc::new(clean.clone()));
                // Until the page knows of a model that reads pictures, the clean picture stands alone.
                self.show(Some(clean), comparison.as_ref().filter(|_| self.can_clean()));
                self.run_soon();
            }
            // It may have been the answer; what changes next is asked again.
            News::Event(Event::Failed(_)) => self.errands.borrow_mut().give_up(),
            _ => {}
        }
    }

    /// Another brush.
    pub fn set_brush(&self, brush: f32) {
        self.brush.set(brush);
        self.update.force_update();
    }

    /// The pad shows something else.
    pub fn pad_changed(self: &Rc<Self>) {
        self.want(Errand::Drawing);
        self.update.force_update();
    }

    /// Whether it is in sight.
    pub const fn is_shown(&self) -> bool {
        self.is_shown.get()
    }

    /// The model reads this from now on. What is no picture cannot be drawn.
    pub fn set_input(self: &Rc<Self>, input: GridShape) {
        self.input.set(input);
        if let Some(clean) = self.clean.borrow().as_ref().filter(|_| !picture::is_picture(input)) {
            self.show(Some(clean), None);
        }
        // A drawing is centred anew, at the size that is read now.
        self.want(Errand::Drawing);
    }

    /// Whether there is no picture at all.
    pub fn is_blank(&self) -> bool {
        self.clean.borrow().is_none()
    }

    fn can_clean(&self) -> bool {
        self.has_model.get() && picture::is_picture(self.input.get())
    }

    fn is_answer(&self, request: u32) -> bool {
        self.errands.borrow_mut().is_answer(request)
    }

    fn run_soon(self: &Rc<Self>) {
        if !self.is_shown.get() || !self.errands.borrow().is_due() || self.frame.borrow().is_some() {
            return;
        }
        let desk = Rc::downgrade(self);
        let frame = request_animation_frame(move |_| {
            if let Some(desk) = desk.upgrade() {
                desk.frame.borrow_mut().take();
                desk.run();
            }
        });
        *self.frame.borrow_mut() = Some(frame);
    }

    fn run(self: &Rc<Self>) {
        let errand = self.errands.borrow_mut().take();
        match errand {
            Some(Errand::Drawing) => match self.pad.picture() {
                PadPicture::Empty => {
                    self.clean.borrow_mut().take();
                    self.show(None, None);
                }
                PadPicture::Sample(picture) => self.take_clean(&picture),
                PadPicture::Ink(pixels) => {
                    let side = PAD_PIXELS as usize;
                    self.denoise(DenoiseSource::Drawing { pixels: Bytes(pixels), width: side, height: side });
                }
            },
            Some(Errand::Clean) => self.denoise_again(),
            None => {}
        }
    }

    fn take_clean(self: &Rc<Self>, picture: &Rc<Picture>) {
        *self.clean.borrow_mut() = Some(picture.clone());
        if self.can_clean() {
            self.denoise_again();
        } else {
            self.show(Some(picture), None);
            self.run_soon();
        }
    }

    /// Denoises the clean picture that is shown.
    fn denoise_again(&self) {
        let Some(clean) = self.clean.borrow().clone().filter(|_| self.can_clean()) else { return };
        self.denoise(DenoiseSource::Picture((*clean).clone()));
    }

    fn denoise(&self, source: DenoiseSource) {
        let request = self.errands.borrow_mut().ask();
        self.engine.send(Command::Denoise {
            request,
            source,
            corruption: self.corruption.get(),
            noise_seed: self.noise_seed.get(),
        });
    }

    fn show(&self, clean: Option<&Picture>, comparison: Option<&Comparison>) {
        self.pictures.paint(clean, comparison);
        self.likeness.set(comparison.map(|comparison| (comparison.noisy_quality, comparison.denoised_quality)));
        self.update.force_update();
    }
}
