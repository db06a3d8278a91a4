//! Map of points that a million may stand on: moved, magnified, hovered, outlined, by pointer and by keys.
//!
//! Three canvases lie over each other: decoded pictures, points, and all that is drawn over them. Only what has changed
//! is drawn again, at most once per frame.

mod density;
mod gestures;
mod gl;
mod grid_index;
mod input;
mod overlay;
mod paint;
pub mod palette;
mod pictures;
mod points;
mod save;
mod scene;
mod viewport;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use gloo_events::{EventListener, EventListenerOptions};
use gloo_render::{AnimationFrame, request_animation_frame};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use self::{
    density::Segment, gestures::Gestures, grid_index::GridIndex, overlay::Label, pictures::GridSheet, points::Points,
    viewport::Viewport,
};
pub use self::{
    gestures::Outline,
    scene::{Mark, PictureGrid, Scene},
    viewport::Extent,
};
use crate::components::{
    chart::{COLOURS_CHANGED, Point},
    media,
};

/// Time in which points travel to new positions, in milliseconds.
const TRAVEL_MS: f64 = 200.0;

/// Something that a person does on the map.
#[derive(Clone, Debug, PartialEq)]
pub enum MapEvent {
    /// The pointer, or the cursor of the keys, is at a place, perhaps at a point; `None` if it has left.
    Hover(Option<(Option<usize>, [f32; 2])>),
    /// A point is chosen, as the second one with Shift.
    Choose { index: usize, is_second: bool },
    /// These points are enclosed by an outline.
    Select(Vec<usize>),
    /// Nothing is to be chosen or selected.
    Clear,
    /// Another part of the plane is shown.
    View,
}

/// Way of points to new positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrival {
    Jump,
    Travel,
}

/// Parts that must be drawn again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Stale {
    /// The renderer lacks the positions.
    positions: Option<Arrival>,
    looks: bool,
    palette: bool,
    /// The points are at other pixels, or look otherwise.
    points: bool,
}

impl Stale {
    const ALL: Self = Self { positions: Some(Arrival::Jump), looks: true, palette: true, points: true };
}

/// What follows from positions and colours, computed when it is first needed.
#[derive(Default)]
struct Derived {
    index: Option<Rc<GridIndex>>,
    contours: Option<Rc<[Segment]>>,
    labels: Option<Rc<[Label]>>,
    sheet: GridSheet,
}

/// The map: its canvases, what it shows, and the frame in which it is drawn next.
pub struct ScatterMap {
    this: Weak<Self>,
    under: NodeRef,
    middle: NodeRef,
    over: NodeRef,
    scene: RefCell<Rc<Scene>>,
    viewport: Cell<Option<Viewport>>,
    renderer: RefCell<Option<Points>>,
    stale: Cell<Stale>,
    derived: RefCell<Derived>,
    gestures: RefCell<Gestures>,
    /// What dragging draws; with Shift a rectangle.
    outline: Cell<Option<Outline>>,
    /// Moment at which points began to travel, in milliseconds of the page.
    departure: Cell<Option<f64>>,
    /// Pixel of the pointer that was not looked at yet.
    pointed: Cell<Option<Point>>,
    frame: RefCell<Option<AnimationFrame>>,
    on_event: Callback<MapEvent>,
    _listeners: [EventListener; 2],
    canvas_listeners: RefCell<Vec<EventListener>>,
}

impl ScatterMap {
    /// Creates an empty map; `on_event` receives what a person does on it.
    pub fn new(on_event: Callback<MapEvent>) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| Self {
            this: this.clone(),
            under: NodeRef::default(),
            middle: NodeRef::default(),
            over: NodeRef::default(),
            scene: RefCell::new(Rc::new(Scene::empty())),
            viewport: Cell::default(),
            renderer: RefCell::default(),
            stale: Cell::new(Stale::ALL),
            derived: RefCell::default(),
            gestures: RefCell::default(),
            outline: Cell::default(),
            departure: Cell::default(),
            pointed: Cell::default(),
            frame: RefCell::default(),
            on_event,
            _listeners: window_listeners(this),
            canvas_listeners: RefCell::default(),
        })
    }

    /// Renders the canvases; `name` is that of the map, `about` the id of its description.
    pub fn view(&self, name: &'static str, about: &'static str) -> Html {
        let on = |act: fn(&Self, &PointerEvent)| {
            let this = self.this.clone();
            Callback::from(move |event: PointerEvent| {
                if let Some(map) = this.upgrade() {
                    act(&map, &event);
                }
            })
        };
        let this = self.this.clone();
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            if let Some(map) = this.upgrade() {
                map.on_key(&event);
            }
        });
        let this = self.this.clone();
        let ondblclick = Callback::from(move |event: MouseEvent| {
            if let Some(map) = this.upgrade() {
                map.on_double_click(&event);
            }
        });
        html! {
            <div class="map">
                <canvas ref={self.under.clone()} aria-hidden="true"></canvas>
                <canvas ref={self.middle.clone()} aria-hidden="true"></canvas>
                <canvas ref={self.over.clone()} class="map-over" role="img" tabindex="0" aria-label={name} aria-describedby={about}
                    onpointerdown={on(Self::on_press)} onpointermove={on(Self::on_move)} onpointerup={on(Self::on_release)}
                    onpointercancel={on(|map, _| map.on_cancel())} onpointerleave={on(|map, _| map.on_leave())}
                    {onkeydown} {ondblclick}></canvas>
            </div>
        }
    }

    /// Listens to wheel and lost contexts; called once the canvases are in the page.
    pub fn attach(&self) {
        let (Some(over), Some(middle)) =
            (self.over.cast::<HtmlCanvasElement>(), self.middle.cast::<HtmlCanvasElement>())
        else {
            return;
        };
        let act = |act: fn(&Self, &Event)| {
            let this = self.this.clone();
            move |event: &Event| {
                if let Some(map) = this.upgrade() {
                    act(&map, event);
                }
            }
        };
        let options = EventListenerOptions::enable_prevent_default();
        let listen = |canvas: &HtmlCanvasElement, name: &'static str, handler: fn(&Self, &Event)| {
            EventListener::new_with_options(canvas, name, options, act(handler))
        };
        *self.canvas_listeners.borrow_mut() = vec![
            listen(&over, "wheel", Self::on_wheel),
            // Without this a lost context is never given back.
            listen(&middle, "webglcontextlost", |_, event| event.prevent_default()),
            listen(&middle, "webglcontextrestored", |map, _| map.restore_context()),
        ];
        self.request_paint();
    }

    /// Shows a scene. Points travel to their new positions within the same plane, unless a person wants no motion.
    pub fn show(&self, scene: Scene) {
        let before = self.scene.replace(Rc::new(scene));
        let scene = self.scene();
        let mut stale = self.stale.get();
        let has_moved = !Rc::ptr_eq(&before.positions, &scene.positions);
        let has_looks = scene.has_looks_of(&before);
        if has_moved {
            let mut derived = self.derived.borrow_mut();
            (derived.index, derived.contours) = (None, None);
            let is_same_plane = before.plane == scene.plane && before.count() == scene.count();
            let travels = is_same_plane && !media::matches("(prefers-reduced-motion: reduce)");
            stale.positions = Some(if travels { Arrival::Travel } else { Arrival::Jump });
            stale.points = true;
            drop(derived);
            self.follow_extent(is_same_plane);
        }
        if has_moved || !has_looks {
            self.derived.borrow_mut().labels = None;
        }
        if !has_looks || before.count() != scene.count() {
            (stale.looks, stale.palette, stale.points) = (true, true, true);
        }
        stale.points |= before.axes.is_some() != scene.axes.is_some() || !scene.has_grid_of(&before);
        self.stale.set(stale);
        if stale != Stale::default() || !scene.has_overlay_of(&before) {
            self.request_paint();
        }
    }

    /// Sets what dragging draws; `None` if it moves the map.
    pub fn set_outline(&self, outline: Option<Outline>) {
        self.outline.set(outline);
    }

    /// Shows all points again.
    pub fn show_all(&self) {
        self.viewport.set(None);
        self.after_view_change();
    }

    /// The part of the plane that is shown; `None` until it is drawn.
    pub fn visible(&self) -> Option<Extent> {
        self.viewport.get().map(|viewport| viewport.visible())
    }

    /// Pixel of a position, and the size of the canvas; `None` if it is out of sight.
    pub fn pixel(&self, position: [f32; 2]) -> Option<(Point, (f64, f64))> {
        let viewport = self.viewport.get()?;
        let pixel = viewport.pixel(position);
        let canvas = self.over.cast::<HtmlCanvasElement>()?;
        let size = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        viewport.area.contains(pixel).then_some((pixel, size))
    }

    /// Points in sight, in the order of their indices: `limit` of them from the one of number `skip` on, and their count.
    pub fn points_in_view(&self, skip: usize, limit: usize) -> (Vec<usize>, usize) {
        let Some(visible) = self.visible() else { return (Vec::new(), 0) };
        let scene = self.scene();
        let is_seen =
            |point: &[f32; 2]| (0..2).all(|axis| (visible.low[axis]..=visible.high[axis]).contains(&point[axis]));
        let positions = scene.positions.0.as_chunks::<2>().0;
        let seen = || positions.iter().enumerate().filter(|(_, point)| is_seen(point)).map(|(index, _)| index);
        (seen().skip(skip).take(limit).collect(), seen().count())
    }

    fn scene(&self) -> Rc<Scene> {
        self.scene.borrow().clone()
    }

    /// Index of the points by their places.
    fn index(&self) -> Rc<GridIndex> {
        let mut derived = self.derived.borrow_mut();
        derived.index.get_or_insert_with(|| Rc::new(GridIndex::new(self.scene().positions.clone()))).clone()
    }

    /// Requests a repaint in the next frame.
    fn request_paint(&self) {
        if self.frame.borrow().is_some() {
            return;
        }
        let this = self.this.clone();
        let frame = request_animation_frame(move |now| {
            if let Some(map) = this.upgrade() {
                map.frame.borrow_mut().take();
                map.look_at_pointer();
                map.paint(now);
            }
        });
        *self.frame.borrow_mut() = Some(frame);
    }

    /// Shows other points from their whole. Points of the same plane are followed as long as a person has not magnified
    /// the map: only if they leave what is shown, or fill little of it.
    fn follow_extent(&self, is_same_plane: bool) {
        let Some(viewport) = self.viewport.get().filter(|_| is_same_plane) else {
            self.viewport.set(None);
            return;
        };
        if (viewport.zoom - 1.0).abs() > 1e-6 {
            return;
        }
        let (extent, visible) = (Extent::of(&self.scene().positions.0), viewport.visible());
        let is_inside = extent.union(visible) == visible;
        let share = (0..2).map(|axis| extent.size()[axis] / visible.size()[axis]).fold(0.0, f32::max);
        if !is_inside || share < 0.6 {
            self.viewport.set(None);
        }
    }

    /// Draws everything again, with a new context.
    fn restore_context(&self) {
        self.renderer.borrow_mut().take();
        self.stale.set(Stale::ALL);
        self.request_paint();
    }

    fn after_view_change(&self) {
        self.stale.set(Stale { points: true, ..self.stale.get() });
        self.request_paint();
        self.on_event.emit(MapEvent::View);
    }
}

fn window_listeners(map: &Weak<ScatterMap>) -> [EventListener; 2] {
    let window = web_sys::window().expect("the page runs in a window");
    ["resize", COLOURS_CHANGED].map(|event| {
        let map = map.clone();
        EventListener::new(&window, event, move |_| {
            if let Some(map) = map.upgrade() {
                map.stale.set(Stale { palette: true, points: true, ..map.stale.get() });
                map.request_paint();
            }
        })
    })
}
