//! Chart on a canvas: painted at most once per frame, in the page's colours, and saved as a PNG or SVG file. An
//! interactive chart also shows values at a cursor, and saves them as a CSV file.

mod chart_canvas;
mod interactive;
mod scale;
mod trace;

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use gloo_events::EventListener;
use gloo_render::{AnimationFrame, request_animation_frame};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

pub use self::{
    chart_canvas::{ChartCanvas, PlotArea},
    interactive::{ChartContent, InteractiveChart, stepped_index, use_interactive_chart},
    scale::{Scale, tick_text},
    trace::{Point, Trace},
};
use crate::{files, notices::Notices};

/// Event on the window after a change of the page's colours; dispatched by `www/theme.js`.
pub const COLOURS_CHANGED: &str = "pinhole-colours";

const REFUSED: &str = "The chart could not be saved: the browser refused the download.";

/// Function that paints a whole chart on a blank canvas.
pub type Draw = Rc<dyn Fn(&ChartCanvas)>;

/// Canvas of a chart, the function that paints it, and the animation frame in which it is painted next.
pub struct Chart {
    canvas: NodeRef,
    draw: RefCell<Option<Draw>>,
    frame: RefCell<Option<AnimationFrame>>,
    _listeners: [EventListener; 2],
}

impl Chart {
    /// Creates a chart that is repainted when the window's size or the page's colours change.
    pub fn new() -> Rc<Self> {
        Rc::new_cyclic(|chart| Self {
            canvas: NodeRef::default(),
            draw: RefCell::default(),
            frame: RefCell::default(),
            _listeners: listeners(chart),
        })
    }

    /// Sets the function that paints the chart, and requests a repaint.
    pub fn show(self: &Rc<Self>, draw: Draw) {
        *self.draw.borrow_mut() = Some(draw);
        self.request_paint();
    }

    /// Requests a repaint in the next frame.
    pub fn request_paint(self: &Rc<Self>) {
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

    /// Canvas element; `None` until the component is rendered.
    pub fn canvas(&self) -> Option<HtmlCanvasElement> {
        self.canvas.cast()
    }

    /// Pixel of the canvas at which a pointer is, and the canvas's width and height.
    pub fn pointer_position(&self, event: &PointerEvent) -> Option<(Point, (f64, f64))> {
        let bounds = self.canvas()?.get_bounding_client_rect();
        let pixel = (f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top());
        Some((pixel, (bounds.width(), bounds.height())))
    }

    /// Canvas as an image of that accessible name; `about` is the id of the element that describes it.
    pub fn view(&self, name: impl Into<AttrValue>, about: impl Into<AttrValue>) -> Html {
        let (name, about) = (name.into(), about.into());
        html! {
            <canvas ref={self.canvas.clone()} role="img" aria-label={name} aria-describedby={about}></canvas>
        }
    }

    /// As [`Chart::view`], for a chart that takes keys.
    pub fn view_focusable(&self, name: impl Into<AttrValue>, about: impl Into<AttrValue>) -> Html {
        let (name, about) = (name.into(), about.into());
        html! {
            <canvas ref={self.canvas.clone()} role="img" tabindex="0" aria-label={name} aria-describedby={about}></canvas>
        }
    }

    /// Buttons that save the chart as a PNG or SVG file of the name `stem`; `name` distinguishes them from the buttons of
    /// other charts.
    pub fn save_buttons(self: &Rc<Self>, name: &'static str, stem: &'static str, notices: &Notices) -> Html {
        let button = |format: &'static str, save: fn(&Self, &'static str, &Notices)| {
            let (chart, notices) = (self.clone(), notices.clone());
            let onclick = Callback::from(move |_: MouseEvent| save(&chart, stem, &notices));
            let title = format!("Save as {format}");
            html! { <button type="button" class="button quiet" aria-label={format!("{title}: {name}")} {onclick}>{ &title }</button> }
        };
        html! { <>{ button("PNG", Self::save_png) }{ button("SVG", Self::save_svg) }</> }
    }

    fn paint(&self) {
        if let Some((canvas, draw)) =
            self.canvas().as_ref().and_then(ChartCanvas::prepare).zip(self.draw.borrow().clone())
        {
            draw(&canvas);
        }
    }

    fn save_png(&self, stem: &'static str, notices: &Notices) {
        let Some(canvas) = self.canvas() else { return };
        let notices = notices.clone();
        files::save_canvas(format!("{stem}.png"), &canvas, move || notices.problem(REFUSED));
    }

    fn save_svg(&self, stem: &'static str, notices: &Notices) {
        let canvas = self.canvas().as_ref().and_then(ChartCanvas::svg);
        let Some((canvas, draw)) = canvas.zip(self.draw.borrow().clone()) else { return };
        draw(&canvas);
        if files::save(&format!("{stem}.svg"), "image/svg+xml", canvas.into_svg().as_bytes()).is_err() {
            notices.problem(REFUSED);
        }
    }
}

fn listeners(chart: &Weak<Chart>) -> [EventListener; 2] {
    let window = web_sys::window().expect("the page runs in a window");
    let repaint = || {
        let chart = chart.clone();
        move |_: &web_sys::Event| chart.upgrade().iter().for_each(Chart::request_paint)
    };
    ["resize", COLOURS_CHANGED].map(|event| EventListener::new(&window, event, repaint()))
}
