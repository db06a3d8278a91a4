//! Drawing pad for mouse, touch, pen and keyboard.

mod drawing;
mod keyboard_pen;
mod stored_drawing;
mod surface;

use std::rc::Rc;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{DomRect, Element, HtmlElement};
use yew::prelude::*;

use self::keyboard_pen::PenAction;
pub use self::{
    drawing::{DrawingEdit, StrokePoint},
    stored_drawing::StoredDrawing,
    surface::{DrawingPad, PAD_SIDE_PX, PadContent},
};

/// Bit of the main button (a mouse's left one, the contact of a finger or pen) in `PointerEvent.buttons`.
const MAIN_BUTTON: u16 = 1;

/// Renders the canvas above the picture `below`, which shows while nobody draws, with a hint over it while it is empty or
/// `is_inviting`. `on_change` is called after each change of the drawing or of the keyboard's pen; `brush` is the width of
/// strokes as a share of the pad's side.
pub fn view(pad: &Rc<DrawingPad>, brush: f32, on_change: &Callback<()>, is_inviting: bool, below: Html) -> Html {
    let on_down = pad_callback(pad, on_change, move |pad, event: PointerEvent| press(pad, &event, brush));
    let on_move = pad_callback(pad, on_change, move |pad, event: PointerEvent| stroke(pad, &event, brush));
    let on_key = pad_callback(pad, on_change, move |pad, event: KeyboardEvent| key(pad, &event, brush));
    let on_up = pad_callback(pad, on_change, |pad, event: PointerEvent| pad.release(event.pointer_id()));
    let on_lost_capture = pad_callback(pad, on_change, |pad, event: PointerEvent| capture_again(pad, &event));
    let on_blur = pad_callback(pad, on_change, |pad, _: FocusEvent| pad.set_keyboard_pen(None));
    let keyboard_pen = pad.keyboard_pen();
    let (announcement, cursor) = match keyboard_pen {
        None => ("", "key-cursor away"),
        Some(pen) if pen.down => ("Pen down", "key-cursor down"),
        Some(_) => ("Pen up", "key-cursor"),
    };
    let size = PAD_SIDE_PX.to_string();
    html! {
        <div class={classes!("picture-frame", "pad", (pad.is_pressed() || keyboard_pen.is_some()).then_some("drawing"), is_inviting.then_some("inviting"))}>
            { below }
            <canvas class="ink" ref={pad.canvas.clone()} width={size.clone()} height={size} tabindex="0" role="application"
                aria-label="Drawing pad" aria-describedby="pad-help"
                onpointerdown={on_down} onpointermove={on_move} onpointerup={on_up.clone()}
                onpointercancel={on_up} onlostpointercapture={on_lost_capture} onkeydown={on_key} onblur={on_blur}></canvas>
            if pad.is_empty() || is_inviting {
                <p class="pad-hint">{ "Draw here" }</p>
            }
            if is_inviting {
                { ghost_stroke() }
            }
            <span ref={pad.cursor.clone()} class={cursor} aria-hidden="true"></span>
            <span class="visually-hidden" aria-live="polite">{ announcement }</span>
            <p id="pad-help" class="visually-hidden">
                { "Draw with mouse, finger or pen. By keyboard: the arrow keys move the pen, with Shift in larger steps; Space lowers or lifts it; Control Z undoes." }
            </p>
        </div>
    }
}

/// Decoration: a stroke that draws itself, until somebody draws.
fn ghost_stroke() -> Html {
    html! {
        <svg class="ghost-stroke" viewBox="0 0 100 100" aria-hidden="true">
            <path d="M34 30C40 18 64 18 64 34S46 48 46 48S68 50 66 66S38 82 32 70" />
        </svg>
    }
}

/// Callback that acts on the pad, and calls `on_change` if `act` returns true.
fn pad_callback<E: 'static>(
    pad: &Rc<DrawingPad>,
    on_change: &Callback<()>,
    act: impl Fn(&DrawingPad, E) -> bool + 'static,
) -> Callback<E> {
    let (pad, on_change) = (pad.clone(), on_change.clone());
    Callback::from(move |event: E| {
        if act(&pad, event) {
            on_change.emit(());
        }
    })
}

fn press(pad: &DrawingPad, event: &PointerEvent, brush: f32) -> bool {
    if event.button() != 0 {
        return false;
    }
    let canvas: HtmlElement = event.target_unchecked_into();
    if !pad.press(event.pointer_id(), point(event, &canvas.get_bounding_client_rect(), brush)) {
        return false;
    }
    // A pointer that is gone already cannot be captured, and needs not be.
    let _ = canvas.set_pointer_capture(event.pointer_id());
    pad.set_keyboard_pen(None);
    true
}

/// Captures the pointer again: Chromium drops the capture of a pressed mouse when the page is scrolled.
fn capture_again(pad: &DrawingPad, event: &PointerEvent) -> bool {
    let (canvas, pointer) = (event.target_unchecked_into::<HtmlElement>(), event.pointer_id());
    pad.is_pressed_by(pointer) && canvas.set_pointer_capture(pointer).is_err() && pad.release(pointer)
}

fn stroke(pad: &DrawingPad, event: &PointerEvent, brush: f32) -> bool {
    if !pad.is_pressed_by(event.pointer_id()) {
        return false;
    }
    // While another button is held, the browser does not send that this one was lifted.
    if event.buttons() & MAIN_BUTTON == 0 {
        return pad.release(event.pointer_id());
    }
    let canvas: Element = event.target_unchecked_into();
    // Read at each event: the page may have been scrolled or resized since the last one.
    let bounds = canvas.get_bounding_client_rect();
    for event in coalesced(event) {
        pad.extend(point(&event, &bounds, brush));
    }
    true
}

fn key(pad: &DrawingPad, event: &KeyboardEvent, brush: f32) -> bool {
    if pad.is_pressed() {
        // The keys would extend the pointer's stroke.
        return false;
    }
    let pressed = pad.keyboard_pen().unwrap_or_default().press(&event.key(), event.shift_key());
    let Some((pen, stroke)) = pressed else { return false };
    event.prevent_default();
    let point = StrokePoint { x: pen.x, y: pen.y, width: brush };
    match stroke {
        PenAction::None => {}
        PenAction::Begin => pad.add(DrawingEdit::Stroke(vec![point])),
        PenAction::Extend => pad.extend(point),
    }
    pad.set_keyboard_pen(Some(pen));
    true
}

/// Point of a pointer event. Only a pen's pressure changes the width: mouse and finger report the constant 0.5, or 0.
fn point(event: &web_sys::PointerEvent, bounds: &DomRect, brush: f32) -> StrokePoint {
    let pressure = if event.pointer_type() == "pen" { 0.4 + 1.2 * event.pressure() } else { 1.0 };
    let share = |at: f64, from: f64, length: f64| ((at - from) / length.max(1.0)) as f32;
    StrokePoint {
        x: share(fraction(event, "clientX"), bounds.left(), bounds.width()),
        y: share(fraction(event, "clientY"), bounds.top(), bounds.height()),
        width: brush * pressure,
    }
}

/// Coordinate of a pointer event with its fraction, which web-sys drops: on a screen with three pixels per CSS pixel, or
/// at a zoom of 200 %, a pen would draw in steps.
fn fraction(event: &web_sys::PointerEvent, name: &str) -> f64 {
    Reflect::get(event, &name.into()).ok().and_then(|value| value.as_f64()).unwrap_or_default()
}

/// Events that the browser coalesced into one; the event itself if there are none.
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
