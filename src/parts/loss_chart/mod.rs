//! Loss curves while training: drawn at most once a frame, without rendering anything; a table for those who read it.

mod log;
mod paint;
pub mod scale;

use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use gloo_render::{AnimationFrame, request_animation_frame};
use pinhole_protocol::{EpochRecord, Event};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Blob, HtmlCanvasElement};
use yew::prelude::*;

use self::log::LossLog;
use super::{field::switch, figures::fixed};
use crate::{files, notices::Notices, services::use_mount};

/// Announced by whoever changes the page's colours.
pub const COLOURS_CHANGED: &str = "pinhole-colours";

/// The log, the canvas, and the frame that will draw the one on the other.
#[derive(Default)]
pub struct LossChart {
    log: RefCell<LossLog>,
    is_log: RefCell<bool>,
    canvas: NodeRef,
    frame: RefCell<Option<AnimationFrame>>,
}

impl LossChart {
    /// Takes the news that change the curves. Whether they change the table too, so that it has to be rendered.
    pub fn hear(self: &Rc<Self>, event: &Event) -> bool {
        let is_table_changed = {
            let mut log = self.log.borrow_mut();
            match event {
                Event::Progress(progress) if !progress.recent_losses.is_empty() => {
                    log.extend(progress);
                    false
                }
                Event::EpochDone(record) => {
                    log.finish_epoch(*record);
                    true
                }
                Event::ModelReady(model) => {
                    log.replace(&model.history);
                    true
                }
                _ => return false,
            }
        };
        self.paint_soon();
        is_table_changed
    }

    fn clear(self: &Rc<Self>) {
        *self.log.borrow_mut() = LossLog::default();
        self.paint_soon();
    }

    fn paint_soon(self: &Rc<Self>) {
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

    fn paint(&self) {
        if let Some(canvas) = self.canvas.cast::<HtmlCanvasElement>() {
            paint::paint(&canvas, &self.log.borrow(), *self.is_log.borrow());
        }
    }

    fn save_csv(&self, notices: &Notices) {
        let text = self.log.borrow().to_csv();
        if files::save("pinhole-losses.csv", "text/csv", text.as_bytes()).is_err() {
            notices.problem("The losses could not be saved: the browser refused the download.");
        }
    }

    fn save_png(&self, notices: &Notices) {
        let Some(canvas) = self.canvas.cast::<HtmlCanvasElement>() else { return };
        let notices = notices.clone();
        let save = Closure::once_into_js(move |blob: Option<Blob>| {
            if blob.is_none_or(|blob| files::save_blob("pinhole-losses.png", &blob).is_err()) {
                notices.problem("The chart could not be saved: the browser refused the download.");
            }
        });
        // It fails only for a canvas with foreign images on it, which this one never has.
        let _ = canvas.to_blob(save.unchecked_ref());
    }
}

/// A chart for a component: drawn anew when the window, the colours or the run is another one.
#[hook]
pub fn use_loss_chart(fresh_runs: usize) -> Rc<LossChart> {
    let chart = use_memo((), |()| LossChart::default());
    {
        let chart = chart.clone();
        use_effect_with(fresh_runs, move |_| chart.clear());
    }
    {
        let chart = chart.clone();
        use_mount(Rc::new(move || {
            let window = web_sys::window().expect("the page runs in a window");
            let repaint = || {
                let chart = chart.clone();
                move |_: &web_sys::Event| chart.paint_soon()
            };
            let mut listeners = vec![
                EventListener::new(&window, "resize", repaint()),
                EventListener::new(&window, COLOURS_CHANGED, repaint()),
            ];
            // The system may change its mind about the colours, at sunset for instance.
            if let Ok(Some(query)) = window.match_media("(prefers-color-scheme: dark)") {
                listeners.push(EventListener::new(&query, "change", repaint()));
            }
            Box::new(listeners)
        }));
    }
    chart
}

/// The chart, its switch and its table.
pub fn view(chart: &Rc<LossChart>, notices: &Notices, on_change: &Callback<()>) -> Html {
    let on_switch = {
        let (chart, on_change) = (chart.clone(), on_change.clone());
        Callback::from(move |on: bool| {
            *chart.is_log.borrow_mut() = on;
            chart.paint_soon();
            on_change.emit(());
        })
    };
    let button = |name: &'static str, act: fn(&LossChart, &Notices)| {
        let (chart, notices) = (chart.clone(), notices.clone());
        let onclick = Callback::from(move |_: MouseEvent| act(&chart, &notices));
        html! { <button type="button" class="button quiet" {onclick}>{ name }</button> }
    };
    html! {
        <div class="loss-chart">
            <div class="row spread">
                <ul class="legend" aria-hidden="true">
                    <li class="steps">{ "each step" }</li>
                    <li class="training">{ "training" }</li>
                    <li class="validation">{ "validation" }</li>
                </ul>
                { switch("Logarithmic", *chart.is_log.borrow(), &on_switch) }
            </div>
            <canvas ref={chart.canvas.clone()} role="img" aria-label="Loss curves" aria-describedby="loss-summary"></canvas>
            <div class="row spread">
                { table(&chart.log.borrow().epochs) }
                <span class="row">{ button("Save PNG", LossChart::save_png) }{ button("Save CSV", LossChart::save_csv) }</span>
            </div>
        </div>
    }
}

fn table(records: &[EpochRecord]) -> Html {
    let loss = |value: f32| fixed(value, 5);
    let summary = records.last().map_or_else(
        || "No epoch is done yet.".to_owned(),
        |last| {
            let validation =
                last.validation_loss.map_or_else(String::new, |value| format!(", validation {}", loss(value)));
            format!("After epoch {}: training loss {}{validation}.", last.epoch, loss(last.train_loss))
        },
    );
    html! {
        <details class="loss-table">
            <summary><span id="loss-summary">{ summary }</span></summary>
            <table>
                <thead><tr><th scope="col">{ "Epoch" }</th><th scope="col">{ "Training" }</th><th scope="col">{ "Validation" }</th></tr></thead>
                <tbody>
                    { for records.iter().map(|record| html! {
                        <tr key={record.epoch}>
                            <td>{ record.epoch }</td>
                            <td>{ loss(record.train_loss) }</td>
                            <td>{ record.validation_loss.map_or_else(|| "–".to_owned(), loss) }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </details>
    }
}
