//! Drag and drop of block cards with mouse, finger or pen.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, PointerEvent};

use super::blocks::Side;
use crate::components::format::fixed;

/// Id of the card of a block.
pub fn card_id(side: Side, index: usize) -> String {
    format!("{}-{index}", side.word())
}

/// Card being dragged.
#[derive(Clone, Copy, Debug, PartialEq)]
struct DraggedCard {
    side: Side,
    from: usize,
    /// Number of blocks in its list.
    count: usize,
    /// Position of the pointer at the start, in pixels.
    start_y: i32,
    /// Index at which the card would be dropped.
    to: usize,
}

/// State of dragging. It is shown by attributes of the cards, so that nothing is rendered on the way.
#[derive(Default)]
pub struct Drag {
    dragged: Cell<Option<DraggedCard>>,
}

impl Drag {
    /// Starts dragging the card whose handle is pressed.
    pub fn start(&self, event: &PointerEvent, side: Side, from: usize, count: usize) {
        let Some(handle) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if event.button() != 0 {
            return;
        }
        // A pointer that is already gone cannot be captured, and need not be.
        let _ = handle.set_pointer_capture(event.pointer_id());
        // Otherwise the drag would select text.
        event.prevent_default();
        self.dragged.set(Some(DraggedCard { side, from, count, start_y: event.client_y(), to: from }));
    }

    /// Moves the card with the pointer and marks the position at which it would be dropped.
    pub fn update(&self, event: &PointerEvent) {
        let Some(mut dragged) = self.dragged.get() else { return };
        let y = event.client_y();
        dragged.to = drop_index(dragged.from, &midpoints_y(&dragged), f64::from(y));
        self.dragged.set(Some(dragged));
        show(&dragged, Some(y - dragged.start_y));
    }

    /// Drops the card. Returns its list, its index before and its index now, if they differ.
    pub fn finish(&self) -> Option<(Side, usize, usize)> {
        let dragged = self.dragged.take()?;
        show(&dragged, None);
        (dragged.from != dragged.to).then_some((dragged.side, dragged.from, dragged.to))
    }

    /// Cancels the drag.
    pub fn cancel(&self) {
        if let Some(dragged) = self.dragged.take() {
            show(&dragged, None);
        }
    }
}

/// Index at which a card from `from` is dropped at `y`: after all others whose midpoints lie above.
fn drop_index(from: usize, midpoints: &[f64], y: f64) -> usize {
    midpoints.iter().enumerate().filter(|(index, midpoint)| *index != from && **midpoint < y).count()
}

fn card(dragged: &DraggedCard, index: usize) -> Option<HtmlElement> {
    web_sys::window()?.document()?.get_element_by_id(&card_id(dragged.side, index))?.dyn_into().ok()
}

fn midpoints_y(dragged: &DraggedCard) -> Vec<f64> {
    let midpoint_y = |index| {
        card(dragged, index).map_or(f64::INFINITY, |card| {
            let bounds = card.get_bounding_client_rect();
            bounds.top() + bounds.height() / 2.0
        })
    };
    (0..dragged.count).map(midpoint_y).collect()
}

/// Shows the dragged card at its offset, and a line where it would be dropped; without an offset neither.
fn show(dragged: &DraggedCard, offset_px: Option<i32>) {
    for index in 0..dragged.count {
        let Some(card) = card(dragged, index) else { continue };
        let is_dragged = index == dragged.from && offset_px.is_some();
        let drop = match offset_px {
            Some(_) if index == dragged.to && dragged.to < dragged.from => "above",
            Some(_) if index == dragged.to && dragged.to > dragged.from => "below",
            _ => "",
        };
        let shown = card
            .style()
            .set_property("--drag-y", &format!("{}px", fixed(if is_dragged { offset_px.unwrap_or(0) } else { 0 }, 0)))
            .and_then(|()| card.set_attribute("data-dragged", if is_dragged { "true" } else { "false" }))
            .and_then(|()| card.set_attribute("data-drop", drop));
        debug_assert!(shown.is_ok(), "the names are valid");
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_card_is_dropped_after_those_that_it_has_passed() {
        let midpoints = [100.0, 200.0, 300.0];
        assert_eq!([50.0, 150.0, 250.0, 350.0].map(|y| drop_index(0, &midpoints, y)), [0, 0, 1, 2]);
        assert_eq!([50.0, 150.0, 250.0, 350.0].map(|y| drop_index(1, &midpoints, y)), [0, 1, 1, 2]);
        assert_eq!([50.0, 150.0, 250.0, 350.0].map(|y| drop_index(2, &midpoints, y)), [0, 1, 2, 2]);
    }
}
