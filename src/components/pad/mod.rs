//! A pad to draw on with mouse, touch, pen or keys.

mod drawing;
mod keys;
mod surface;

use std::rc::Rc;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{DomRect, Element, HtmlElement};
use yew::prelude::*;

use self::keys::Stroke as KeyStroke;
pub use self::{
    drawing::{Dot, Mark},
    surface::{PAD_PIXELS, Pad, PadPicture},
};

/// The canvas, and what is shown over it while it is empty. `on_change` is called after every change of the drawing or
/// the keyboard's pen; the brush's width is a share of the pad's side.
pub fn view(pad: &Rc<Pad>, brush: f32, on_change: &Callback<()>) -> Html {
    let on_down = acting(pad, on_change, move |pad, event: PointerEvent| press(pad, &event, brush));
    let on_move = acting(pad, on_change, move |pad, event: PointerEvent| stroke(pad, &event, brush));
    let on_key = acting(pad, on_change, move |pad, event: KeyboardEvent| key(pad, &event, brush));
    let on_up = acting(pad, on_change, |pad, _: PointerEvent| pad.lift());
    let on_blur = acting(pad, on_change, |pad, _: FocusEvent| pad.put_key_pen(None));
    let key_pen = pad.key_pen();
    let (said, cursor) = match key_pen {
        None => ("", "key-cursor away"),
        Some(pen) if pen.down => ("Pen down", "key-cursor down"),
        Some(_) => ("Pen up", "key-cursor"),
    };
    let size = PAD_PIXELS.to_string();
    html! {
        <div class="plate pad">
            <canvas ref={pad.canvas.clone()} width={size.clone()} height={size} tabindex="0" role="application"
                aria-label="Drawing pad" aria-describedby="pad-help"
                onpointerdown={on_down} onpointermove={on_move} onpointerup={on_up.clone()} onpointercancel={on_up}
                onkeydown={on_key} onblur={on_blur}></canvas>
            if pad.is_empty() {
                <p class="pad-hint">{ "Draw here" }</p>
            }
            <span ref={pad.cursor.clone()} class={cursor} aria-hidden="true"></span>
            <span class="visually-hidden" aria-live="polite">{ said }</span>
            <p id="pad-help" class="visually-hidden">
                { "Draw with mouse, finger or pen. By keyboard: the arrow keys move the pen, with Shift in larger steps; Space lowers or lifts it; Control Z undoes." }
            </p>
        </div>
    }
}

/// A callback that acts on the pad, and tells of it if anything changed.
fn acting<E: 'static>(pad: &Rc<Pad>, on_change: &Callback<()>, act: impl Fn(&Pad, E) -> bool + 'static) -> Callback<E> {
    let (pad, on_change) = (pad.clone(), on_change.clone());
    Callback::from(move |event: E| {
        if act(&pad, event) {
            on_change.emit(());
        }
    })
}

fn press(pad: &Pad, event: &PointerEvent, brush: f32) -> bool {
    if event.button() != 0 || pad.is_pressed() {
        return false;
    }
    let canvas: HtmlElement = event.target_unchecked_into();
    // A pointer that is gone already cannot be captured, and needs not be.
    let _ = canvas.set_pointer_capture(event.pointer_id());
    pad.put_key_pen(None);
    pad.press(dot(event, &canvas.get_bounding_client_rect(), brush));
    true
}

fn stroke(pad: &Pad, event: &PointerEvent, brush: f32) -> bool {
    if pad.is_pressed() {
        let canvas: Element = event.target_unchecked_into();
        let bounds = canvas.get_bounding_client_rect();
        for event in coalesced(event) {
            pad.extend(dot(&event, &bounds, brush));
        }
    }
    pad.is_pressed()
}

fn key(pad: &Pad, event: &KeyboardEvent, brush: f32) -> bool {
    let pressed = pad.key_pen().unwrap_or_default().press(&event.key(), event.shift_key());
    let Some((pen, stroke)) = pressed else { return false };
    event.prevent_default();
    let dot = Dot { x: pen.x, y: pen.y, width: brush };
    match stroke {
        KeyStroke::None => {}
        KeyStroke::Begin => pad.add(Mark::Stroke(vec![dot])),
        KeyStroke::Extend => pad.extend(dot),
    }
    pad.put_key_pen(Some(pen));
    true
}

/// A pen presses lightly or hard; a mouse or finger always says one half, or 0 where the device cannot tell.
fn dot(event: &web_sys::PointerEvent, bounds: &DomRect, brush: f32) -> Dot {
    let pressure = if event.pointer_type() == "pen" { 0.4 + 1.2 * event.pressure() } else { 1.0 };
    let share = |at: i32, from: f64, length: f64| ((f64::from(at) - from) / length.max(1.0)) as f32;
    Dot {
        x: share(event.client_x(), bounds.left(), bounds.width()),
        y: share(event.client_y(), bounds.top(), bounds.height()),
        width: brush * pressure,
    }
}

/// The points that the browser merged into one event; the event itself where it merges none.
fn coalesced(event: &PointerEvent) -> Vec<web_sys::PointerEvent> {
    let merged = Reflect::get(event, &"getCoalescedEvents".into())
        .ok()
        .and_then(|method| method.dyn_into::<Function>().ok())
        .and_then(|method| method.call0(event).ok())
        .and_then(|list| list.dyn_into::<Array>().ok());
    match merged {
        Some(list) if list.length() > 0 => list.iter().map(JsCast::unchecked_into).collect(),
        _ => vec![AsRef::<web_sys::PointerEvent>::as_ref(event).clone()],
    }
}
