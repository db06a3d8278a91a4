//! A canvas that is drawn on at most once a frame, in the page's colours, and can be saved as a picture.

mod scale;
mod sheet;
mod trace;

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use gloo_events::EventListener;
use gloo_render::{AnimationFrame, request_animation_frame};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Blob, HtmlCanvasElement};
use yew::prelude::*;

pub use self::{
    scale::Scale,
    sheet::{Margins, Sheet},
    trace::{Point, Trace},
};
use crate::{files, notices::Notices};

/// Announced by whoever changes the page's colours.
pub const COLOURS_CHANGED: &str = "pinhole-colours";

/// Draws everything anew.
pub type Draw = Rc<dyn Fn(&Sheet)>;

/// The canvas, what is drawn on it, and the frame that will do so.
pub struct Chart {
    canvas: NodeRef,
    draw: RefCell<Option<Draw>>,
    frame: RefCell<Option<AnimationFrame>>,
    _listeners: Vec<EventListener>,
}

impl Chart {
    /// A chart that is drawn anew when the window or the colours are others.
    pub fn new() -> Rc<Self> {
        Rc::new_cyclic(|chart| Self {
            canvas: NodeRef::default(),
            draw: RefCell::default(),
            frame: RefCell::default(),
            _listeners: listeners(chart),
        })
    }

    /// From now on this is drawn.
    pub fn show(self: &Rc<Self>, draw: Draw) {
        *self.draw.borrow_mut() = Some(draw);
        self.paint_soon();
    }

    /// Draws in the next frame.
    pub fn paint_soon(self: &Rc<Self>) {
        if self.frame.borrow().is_some() {
            return;
        }
        let chart = Rc::downgrade(self);
        let frame = request_animation_frame(move |_| {
            if let Some(chart) = chart.upgrade() {
                chart.frame.borrow_mut().take();
                chart.paint();
            }
        });
        *self.frame.borrow_mut() = Some(frame);
    }

    /// The canvas, once it is on the page.
    pub fn canvas(&self) -> Option<HtmlCanvasElement> {
        self.canvas.cast()
    }

    /// The canvas as an image of that name; `about` is the id of its text twin.
    pub fn view(&self, name: impl Into<AttrValue>, about: impl Into<AttrValue>) -> Html {
        let (name, about) = (name.into(), about.into());
        html! {
            <canvas ref={self.canvas.clone()} role="img" aria-label={name} aria-describedby={about}></canvas>
        }
    }

    /// The button that saves it as `file`; `name` says which chart it is.
    pub fn save_button(self: &Rc<Self>, name: &'static str, file: &'static str, notices: &Notices) -> Html {
        let (chart, notices) = (self.clone(), notices.clone());
        let onclick = Callback::from(move |_: MouseEvent| chart.save(file, &notices));
        let label = format!("Save as PNG: {name}");
        html! { <button type="button" class="button quiet" aria-label={label} {onclick}>{ "Save as PNG" }</button> }
    }

    fn paint(&self) {
        if let Some((sheet, draw)) = self.canvas().as_ref().and_then(Sheet::of).zip(self.draw.borrow().clone()) {
            draw(&sheet);
        }
    }

    fn save(&self, file: &'static str, notices: &Notices) {
        let Some(canvas) = self.canvas() else { return };
        let notices = notices.clone();
        let save = Closure::once_into_js(move |blob: Option<Blob>| {
            if blob.is_none_or(|blob| files::save_blob(file, &blob).is_err()) {
                notices.problem("The chart could not be saved: the browser refused the download.");
            }
        });
        // It fails only for a canvas with foreign images on it, which this one never has.
        let _ = canvas.to_blob(save.unchecked_ref());
    }
}

/// A chart for a component.
#[hook]
pub fn use_chart() -> Rc<Chart> {
    (*use_memo((), |()| Chart::new())).clone()
}

fn listeners(chart: &Weak<Chart>) -> Vec<EventListener> {
    let window = web_sys::window().expect("the page runs in a window");
    let repaint = || {
        let chart = chart.clone();
        move |_: &web_sys::Event| chart.upgrade().iter().for_each(Chart::paint_soon)
    };
    let mut listeners =
        vec![EventListener::new(&window, "resize", repaint()), EventListener::new(&window, COLOURS_CHANGED, repaint())];
    // The system may change its mind about the colours, at sunset for instance.
    if let Ok(Some(query)) = window.match_media("(prefers-color-scheme: dark)") {
        listeners.push(EventListener::new(&query, "change", repaint()));
    }
    listeners
}
