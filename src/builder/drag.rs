//! Blocks that are dragged to another place with mouse, finger or pen.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, PointerEvent};

use super::blocks::Side;
use crate::components::figures::fixed;

/// The id of a block's card.
pub fn card_id(side: Side, index: usize) -> String {
    format!("{}-{index}", side.word())
}

/// A block in the hand.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Held {
    side: Side,
    from: usize,
    /// Blocks of its list.
    count: usize,
    /// Where it was gripped, and where it would be dropped.
    start_y: i32,
    to: usize,
}

/// What is being dragged. The cards show it by attributes of their own, so that nothing is rendered on the way.
#[derive(Default)]
pub struct Drag {
    held: Cell<Option<Held>>,
}

impl Drag {
    /// A card's handle is gripped.
    pub fn grip(&self, event: &PointerEvent, side: Side, from: usize, count: usize) {
        let Some(handle) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if event.button() != 0 {
            return;
        }
        // A pointer that is gone already cannot be captured, and needs not be.
        let _ = handle.set_pointer_capture(event.pointer_id());
        // Else the drag would select text.
        event.prevent_default();
        self.held.set(Some(Held { side, from, count, start_y: event.client_y(), to: from }));
    }

    /// The pointer moves: the card follows, and the place for it is marked.
    pub fn carry(&self, event: &PointerEvent) {
        let Some(mut held) = self.held.get() else { return };
        let y = event.client_y();
        held.to = target(held.from, &middles(&held), f64::from(y));
        self.held.set(Some(held));
        show(&held, Some(y - held.start_y));
    }

    /// The card is let go: its list, where it was and where it belongs now, if that is another place.
    pub fn release(&self) -> Option<(Side, usize, usize)> {
        let held = self.held.take()?;
        show(&held, None);
        (held.from != held.to).then_some((held.side, held.from, held.to))
    }

    /// The drag is given up.
    pub fn cancel(&self) {
        if let Some(held) = self.held.take() {
            show(&held, None);
        }
    }
}

/// Where a card belongs that comes from `from` and is held at `y`: behind all others whose middles it has passed.
fn target(from: usize, middles: &[f64], y: f64) -> usize {
    middles.iter().enumerate().filter(|(index, middle)| *index != from && **middle < y).count()
}

fn card(held: &Held, index: usize) -> Option<HtmlElement> {
    web_sys::window()?.document()?.get_element_by_id(&card_id(held.side, index))?.dyn_into().ok()
}

fn middles(held: &Held) -> Vec<f64> {
    let middle = |index| {
        card(held, index).map_or(f64::INFINITY, |card| {
            let bounds = card.get_bounding_client_rect();
            bounds.top() + bounds.height() / 2.0
        })
    };
    (0..held.count).map(middle).collect()
}

/// Shows the held card where it is, and a line where it would go; with no offset, neither.
fn show(held: &Held, offset_px: Option<i32>) {
    for index in 0..held.count {
        let Some(card) = card(held, index) else { continue };
        let is_held = index == held.from && offset_px.is_some();
        let drop = match offset_px {
            Some(_) if index == held.to && held.to < held.from => "above",
            Some(_) if index == held.to && held.to > held.from => "below",
            _ => "",
        };
        let shown = card
            .style()
            .set_property("--drag-y", &format!("{}px", fixed(if is_held { offset_px.unwrap_or(0) } else { 0 }, 0)))
            .and_then(|()| card.set_attribute("data-held", if is_held { "true" } else { "false" }))
            .and_then(|()| card.set_attribute("data-drop", drop));
        debug_assert!(shown.is_ok(), "the names are valid");
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_card_goes_behind_those_that_it_has_passed() {
        let middles = [100.0, 200.0, 300.0];
        assert_eq!([50.0, 150.0, 250.0, 350.0].map(|y| target(0, &middles, y)), [0, 0, 1, 2]);
        assert_eq!([50.0, 150.0, 250.0, 350.0].map(|y| target(1, &middles, y)), [0, 1, 1, 2]);
        assert_eq!([50.0, 150.0, 250.0, 350.0].map(|y| target(2, &middles, y)), [0, 1, 2, 2]);
    }
}
