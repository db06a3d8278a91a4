//! Pointer, wheel and keys on the map.

use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

use super::{MapEvent, Outline, ScatterMap, gestures::Effect, grid_index::Direction};
use crate::components::chart::Point;

/// Distance within which a pointer is at a point, in pixels; a finger is broader.
const REACH_PX: f64 = 9.0;
const FINGER_PX: f64 = 18.0;

/// Magnification per turn of a wheel by 100 pixels, by a key and by a double click.
const WHEEL_FACTOR: f64 = 1.25;
const KEY_FACTOR: f64 = 1.5;
const DOUBLE_CLICK_FACTOR: f64 = 2.0;

impl ScatterMap {
    pub(super) fn on_press(&self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let target: Element = event.target_unchecked_into();
        // A pointer that is gone already is not captured, and needs not be.
        let _ = target.set_pointer_capture(event.pointer_id());
        let outline = if event.shift_key() { Some(Outline::Box) } else { self.outline.get() };
        self.gestures.borrow_mut().press(event.pointer_id(), place_of(event), event.shift_key(), outline);
    }

    pub(super) fn on_move(&self, event: &PointerEvent) {
        let effect = self.gestures.borrow_mut().move_to(event.pointer_id(), place_of(event));
        self.take(effect, event.pointer_type() == "touch");
    }

    pub(super) fn on_release(&self, event: &PointerEvent) {
        let effect = self.gestures.borrow_mut().release(event.pointer_id(), place_of(event));
        self.take(effect, event.pointer_type() == "touch");
        self.request_paint();
    }

    pub(super) fn on_cancel(&self) {
        self.gestures.borrow_mut().cancel();
        self.request_paint();
    }

    pub(super) fn on_leave(&self) {
        self.pointed.set(None);
        self.on_event.emit(MapEvent::Hover(None));
    }

    fn take(&self, effect: Effect, is_finger: bool) {
        match effect {
            Effect::None => {}
            Effect::Hover(at) => {
                self.pointed.set(Some(at));
                self.request_paint();
            }
            Effect::Shift(x, y) => self.change_view(|viewport| viewport.shift((x, y))),
            Effect::Pinch { at, factor, shift } => self.change_view(|viewport| {
                viewport.shift(shift);
                viewport.magnify(at, factor);
            }),
            Effect::Outline => self.request_paint(),
            Effect::Click { at, is_shift } => {
                let reach = if is_finger { FINGER_PX } else { REACH_PX };
                if let Some(index) = self.point_at(at, reach) {
                    self.on_event.emit(MapEvent::Choose { index, is_second: is_shift });
                }
            }
            Effect::Enclose(corners) => {
                let Some(viewport) = self.viewport.get() else { return };
                let outline: Vec<[f32; 2]> = corners.into_iter().map(|pixel| viewport.position(pixel)).collect();
                self.on_event.emit(MapEvent::Select(self.index().within_outline(&outline)));
            }
        }
    }

    pub(super) fn on_double_click(&self, event: &MouseEvent) {
        let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        self.change_view(|viewport| viewport.magnify(at, DOUBLE_CLICK_FACTOR));
    }

    pub(super) fn on_wheel(&self, event: &Event) {
        let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
        event.prevent_default();
        // Lines and pages, as some browsers count, in pixels.
        let unit = match event.delta_mode() {
            WheelEvent::DOM_DELTA_LINE => 16.0,
            WheelEvent::DOM_DELTA_PAGE => 400.0,
            _ => 1.0,
        };
        let factor = WHEEL_FACTOR.powf(-event.delta_y() * unit / 100.0);
        let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        self.change_view(|viewport| viewport.magnify(at, factor));
    }

    pub(super) fn on_key(&self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let hovered = self.scene().hovered;
        let direction = |direction| self.step(direction);
        match event.key().as_str() {
            "ArrowLeft" => direction(Direction::Left),
            "ArrowRight" => direction(Direction::Right),
            "ArrowUp" => direction(Direction::Up),
            "ArrowDown" => direction(Direction::Down),
            "Enter" => {
                if let Some(index) = hovered {
                    self.on_event.emit(MapEvent::Choose { index, is_second: event.shift_key() });
                }
            }
            "+" | "=" => self.magnify(KEY_FACTOR),
            "-" => self.magnify(1.0 / KEY_FACTOR),
            "0" => self.show_all(),
            "Escape" => {
                self.gestures.borrow_mut().cancel();
                self.request_paint();
                self.on_event.emit(MapEvent::Clear);
            }
            _ => return,
        }
        event.prevent_default();
    }

    /// Magnifies about the point of the cursor, or the middle.
    pub fn magnify(&self, factor: f64) {
        let cursor = self.scene().hovered.and_then(|index| self.pixel(self.scene().position(index)?));
        self.change_view(|viewport| {
            let at = cursor.map_or_else(|| viewport.area.centre(), |(pixel, _)| pixel);
            viewport.magnify(at, factor);
        });
    }

    /// Moves the cursor to the next point in a direction, at first to the chosen one or that nearest to the middle, and
    /// the map so that it is in sight.
    fn step(&self, direction: Direction) {
        let (Some(viewport), scene, index) = (self.viewport.get(), self.scene(), self.index()) else { return };
        let middle = viewport.position(viewport.area.centre());
        let far = viewport.area.width.hypot(viewport.area.height);
        let first = || {
            let marked = scene.marks.first().map(|mark| mark.index);
            marked.or_else(|| index.nearest(middle, far, viewport.scale())).or_else(|| (scene.count() > 0).then_some(0))
        };
        let next = match scene.hovered.filter(|hovered| *hovered < scene.count()) {
            Some(hovered) => index.neighbour(hovered, direction, viewport.scale()),
            None => first(),
        };
        let Some(position) = next.and_then(|next| scene.position(next)) else { return };
        let pixel = viewport.pixel(position);
        if !viewport.area.contains(pixel) {
            let middle = viewport.area.centre();
            self.change_view(|viewport| viewport.shift((middle.0 - pixel.0, middle.1 - pixel.1)));
        }
        self.on_event.emit(MapEvent::Hover(Some((next, position))));
    }

    /// Tells once per frame where the pointer is.
    pub(super) fn look_at_pointer(&self) {
        let (Some(at), Some(viewport)) = (self.pointed.take(), self.viewport.get()) else { return };
        let place = viewport.area.contains(at).then(|| (self.point_at(at, REACH_PX), viewport.position(at)));
        self.on_event.emit(MapEvent::Hover(place));
    }

    fn point_at(&self, at: Point, reach: f64) -> Option<usize> {
        let viewport = self.viewport.get()?;
        self.index().nearest(viewport.position(at), reach, viewport.scale())
    }

    fn change_view(&self, change: impl FnOnce(&mut super::Viewport)) {
        if let Some(mut viewport) = self.viewport.get() {
            change(&mut viewport);
            self.viewport.set(Some(viewport));
            self.after_view_change();
        }
    }
}

/// Pixel of the canvas at which a pointer is.
fn place_of(event: &PointerEvent) -> Point {
    let target: Element = event.target_unchecked_into();
    let bounds = target.get_bounding_client_rect();
    (f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top())
}
