//! A pad to draw on with mouse, touch, pen or keys.

mod drawing;
mod keys;
mod surface;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use self::keys::{KeyPen, Stroke as KeyStroke};
pub use self::{
    drawing::{Dot, Mark},
    surface::{PAD_PIXELS, Pad, PadPicture},
};

#[derive(Properties, PartialEq)]
pub struct DrawingPadProps {
    pub pad: Pad,
    /// Width of the brush, as a share of the pad's side.
    pub brush: f32,
    /// Called after every change of the drawing.
    pub on_change: Callback<()>,
    pub children: Html,
}

/// The canvas, with what the children show over it while it is empty.
#[component]
pub fn DrawingPad(props: &DrawingPadProps) -> Html {
    let DrawingPadProps { pad, brush, on_change, .. } = props;
    let drawing = use_mut_ref(|| false);
    let key_pen = use_state_eq(|| None::<KeyPen>);
    use_effect_with(pad.clone(), Pad::repaint);

    let on_down = {
        let (pad, brush, on_change, drawing, key_pen) =
            (pad.clone(), *brush, on_change.clone(), drawing.clone(), key_pen.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 || *drawing.borrow() {
                return;
            }
            let canvas: HtmlElement = event.target_unchecked_into();
            // A pointer that is gone already cannot be captured, and needs not be.
            let _ = canvas.set_pointer_capture(event.pointer_id());
            *drawing.borrow_mut() = true;
            key_pen.set(None);
            pad.add(Mark::Stroke(vec![dot(&event, &canvas.get_bounding_client_rect(), brush)]));
            on_change.emit(());
        })
    };
    let on_move = {
        let (pad, brush, on_change, drawing) = (pad.clone(), *brush, on_change.clone(), drawing.clone());
        Callback::from(move |event: PointerEvent| {
            if !*drawing.borrow() {
                return;
            }
            let canvas: Element = event.target_unchecked_into();
            let bounds = canvas.get_bounding_client_rect();
            for event in coalesced(&event) {
                pad.extend(dot(&event, &bounds, brush));
            }
            on_change.emit(());
        })
    };
    let on_up = Callback::from(move |_: PointerEvent| *drawing.borrow_mut() = false);
    let on_key = {
        let (pad, brush, on_change, key_pen) = (pad.clone(), *brush, on_change.clone(), key_pen.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some((pen, stroke)) = key_pen.unwrap_or_default().press(&event.key(), event.shift_key()) else {
                return;
            };
            event.prevent_default();
            let dot = Dot { x: pen.x, y: pen.y, width: brush };
            match stroke {
                KeyStroke::None => {}
                KeyStroke::Begin => pad.add(Mark::Stroke(vec![dot])),
                KeyStroke::Extend => pad.extend(dot),
            }
            key_pen.set(Some(pen));
            on_change.emit(());
        })
    };
    let on_blur = {
        let key_pen = key_pen.clone();
        Callback::from(move |_: FocusEvent| key_pen.set(None))
    };
    let size = PAD_PIXELS.to_string();
    html! {
        <div class="plate pad">
            <canvas ref={pad.canvas.clone()} width={size.clone()} height={size} tabindex="0" role="application"
                aria-label="Drawing pad" aria-describedby="pad-help"
                onpointerdown={on_down} onpointermove={on_move} onpointerup={on_up.clone()} onpointercancel={on_up}
                onkeydown={on_key} onblur={on_blur}></canvas>
            { props.children.clone() }
            <KeyCursor pen={*key_pen} />
            <p id="pad-help" class="visually-hidden">
                { "Draw with mouse, finger or pen. By keyboard: the arrow keys move the pen, with Shift in larger steps; Space lowers or lifts it; Control Z undoes." }
            </p>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct KeyCursorProps {
    pen: Option<KeyPen>,
}

/// Where the keyboard's pen is, and whether it is down: seen and heard.
#[component]
fn KeyCursor(props: &KeyCursorProps) -> Html {
    let cursor = use_node_ref();
    {
        let cursor = cursor.clone();
        use_effect_with(props.pen, move |pen| {
            if let (Some(pen), Some(cursor)) = (pen, cursor.cast::<HtmlElement>()) {
                for (property, share) in [("left", pen.x), ("top", pen.y)] {
                    // Set through the object model: the page's policy refuses style attributes.
                    let set = cursor.style().set_property(property, &format!("{}%", share * 100.0));
                    debug_assert!(set.is_ok(), "a percentage is a valid length");
                }
            }
        });
    }
    let said = props.pen.map_or("", |pen| if pen.down { "Pen down" } else { "Pen up" });
    let class = classes!("key-cursor", props.pen.is_none().then_some("away"), said.ends_with("down").then_some("down"));
    html! {
        <>
            <span ref={cursor} {class} aria-hidden="true"></span>
            <span class="visually-hidden" aria-live="polite">{ said }</span>
        </>
    }
}

/// A pen presses lightly or hard; a mouse or finger always says one half, or 0 where the device cannot tell.
fn dot(event: &web_sys::PointerEvent, bounds: &web_sys::DomRect, brush: f32) -> Dot {
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
