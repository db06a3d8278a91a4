//! Interactive chart: its values are read at a cursor, which pointer and keys move, and saved as CSV.

use std::{cell::Cell, rc::Rc};

use yew::prelude::*;

use super::{Chart, ChartCanvas, Point};
use crate::{files, notices::Notices};

/// Content of an interactive chart, such as the curves of a plot.
pub trait ChartContent: Clone + PartialEq + 'static {
    /// Position of the values that are read, such as the index of a bin.
    type Cursor: Copy + PartialEq + 'static;

    /// Paints the content with its axes, and marks the cursor.
    fn paint(&self, canvas: &ChartCanvas, cursor: Option<Self::Cursor>);

    /// Cursor nearest to a pixel of a canvas of that width and height; `None` if there is nothing to read.
    fn cursor_at(&self, pixel: Point, size: (f64, f64)) -> Option<Self::Cursor>;

    /// Cursor after a key; `None` if the key does not move it.
    fn stepped(&self, _cursor: Option<Self::Cursor>, _key: &str) -> Option<Self::Cursor> {
        None
    }

    /// Values at a cursor, in words; `None` if there are none, as after a change of the content.
    fn readout(&self, cursor: Self::Cursor) -> Option<String>;

    /// Readout without a cursor.
    fn default_readout(&self) -> Option<String> {
        None
    }

    /// All values as CSV.
    fn to_csv(&self) -> String;
}

/// Chart of some content, with its cursor.
#[derive(Clone)]
pub struct InteractiveChart<C: ChartContent> {
    pub chart: Rc<Chart>,
    content: Rc<dyn Fn() -> C>,
    cursor: Rc<Cell<Option<C::Cursor>>>,
}

impl<C: ChartContent> InteractiveChart<C> {
    /// Chart of the content that `content` returns whenever it is painted or read.
    pub fn new(content: Rc<dyn Fn() -> C>) -> Self {
        let (chart, cursor) = (Chart::new(), Rc::<Cell<Option<C::Cursor>>>::default());
        chart.show({
            let (content, cursor) = (content.clone(), cursor.clone());
            Rc::new(move |canvas: &ChartCanvas| content().paint(canvas, cursor.get()))
        });
        Self { chart, content, cursor }
    }

    /// Buttons that save the chart as a PNG, SVG or CSV file of the name `stem`; `name` distinguishes them from the
    /// buttons of other charts.
    pub fn save_buttons(&self, name: &'static str, stem: &'static str, notices: &Notices) -> Html {
        let onclick = {
            let (content, notices) = (self.content.clone(), notices.clone());
            Callback::from(move |_: MouseEvent| {
                if files::save(&format!("{stem}.csv"), "text/csv", content().to_csv().as_bytes()).is_err() {
                    notices.problem("The values could not be saved: the browser refused the download.");
                }
            })
        };
        html! {
            <>
                { self.chart.save_buttons(name, stem, notices) }
                <button type="button" class="button quiet" aria-label={format!("Save as CSV: {name}")} {onclick}>{ "Save as CSV" }</button>
            </>
        }
    }

    /// Renders the canvas and the readout; pointer and keys move the cursor. `on_change` renders the component again.
    pub fn view(&self, name: impl Into<AttrValue>, about: impl Into<AttrValue>, on_change: &Callback<()>) -> Html {
        self.with_readout(self.chart.view_focusable(name, about), on_change)
    }

    /// As [`Self::view`], for a chart whose keys belong to another control, such as a slider.
    pub fn view_without_keys(
        &self,
        name: impl Into<AttrValue>,
        about: impl Into<AttrValue>,
        on_change: &Callback<()>,
    ) -> Html {
        self.with_readout(self.chart.view(name, about), on_change)
    }

    fn with_readout(&self, canvas: Html, on_change: &Callback<()>) -> Html {
        let set = {
            let (this, on_change) = (self.clone(), on_change.clone());
            move |cursor: Option<C::Cursor>| {
                if this.cursor.replace(cursor) != cursor {
                    this.chart.request_paint();
                    on_change.emit(());
                }
            }
        };
        let onpointermove = {
            let (this, set) = (self.clone(), set.clone());
            Callback::from(move |event: PointerEvent| {
                let position = this.chart.pointer_position(&event);
                set(position.and_then(|(pixel, size)| (this.content)().cursor_at(pixel, size)));
            })
        };
        let onpointerleave = {
            let set = set.clone();
            Callback::from(move |_: PointerEvent| set(None))
        };
        let onkeydown = {
            let this = self.clone();
            Callback::from(move |event: KeyboardEvent| {
                if let Some(cursor) = (this.content)().stepped(this.cursor.get(), &event.key()) {
                    event.prevent_default();
                    set(Some(cursor));
                }
            })
        };
        let content = (self.content)();
        let readout =
            self.cursor.get().and_then(|cursor| content.readout(cursor)).or_else(|| content.default_readout());
        html! {
            <div class="plot" {onpointermove} {onpointerleave} {onkeydown}>
                { canvas }
                <p class="readout" aria-live="polite">{ readout }</p>
            </div>
        }
    }
}

/// Chart that lives as long as the component, and is repainted when its content changes.
#[hook]
pub fn use_interactive_chart<C: ChartContent>(content: C) -> InteractiveChart<C> {
    let current = use_mut_ref({
        let content = content.clone();
        move || content
    });
    let chart = use_memo((), {
        let current = current.clone();
        move |()| InteractiveChart::new(Rc::new(move || current.borrow().clone()))
    });
    current.borrow_mut().clone_from(&content);
    use_effect_with(content, {
        let chart = chart.clone();
        move |_| chart.chart.request_paint()
    });
    (*chart).clone()
}

/// Index after a key among `count` items, from `index`; `None` if the key does not move it, or there are no items.
pub fn stepped_index(index: Option<usize>, count: usize, key: &str) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowRight" => Some(index.map_or(0, |index| (index + 1).min(last))),
        "ArrowLeft" => Some(index.map_or(last, |index| index.saturating_sub(1).min(last))),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn keys_stay_among_the_items() {
        let steps = |key| [None, Some(0), Some(2), Some(9)].map(|index| stepped_index(index, 3, key));
        assert_eq!(steps("ArrowRight"), [Some(0), Some(1), Some(2), Some(2)]);
        assert_eq!(steps("ArrowLeft"), [Some(2), Some(0), Some(1), Some(2)]);
        assert_eq!([steps("Home"), steps("End"), steps("a")], [[Some(0); 4], [Some(2); 4], [None; 4]]);
        assert_eq!(stepped_index(None, 0, "Home"), None);
    }
}
