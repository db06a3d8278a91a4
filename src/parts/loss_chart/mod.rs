//! Loss curves while training: drawn at most once a frame, without rendering the app; a table for those who read it.

mod log;
mod paint;
mod scale;

use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use gloo_render::{AnimationFrame, request_animation_frame};
use pinhole_protocol::{EpochRecord, Event};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Blob, HtmlCanvasElement};
use yew::prelude::*;

use self::log::LossLog;
use super::field::Switch;
use crate::{
    engine::{News, use_news},
    files,
    notices::use_notices,
};

/// Announced by whoever changes the page's colours.
pub const COLOURS_CHANGED: &str = "pinhole-colours";

/// The log, the canvas, and the frame that will draw the one on the other.
#[derive(Default)]
struct Chart {
    log: RefCell<LossLog>,
    is_log: RefCell<bool>,
    canvas: NodeRef,
    frame: RefCell<Option<AnimationFrame>>,
}

impl Chart {
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

    /// Whether the news change the curves; and whether they change the table too.
    fn hear(&self, event: &Event) -> (bool, bool) {
        let mut log = self.log.borrow_mut();
        match event {
            Event::Progress(progress) => {
                log.extend(progress);
                (!progress.recent_losses.is_empty(), false)
            }
            Event::EpochDone(record) => {
                log.finish_epoch(*record);
                (true, true)
            }
            Event::ModelReady(model) => {
                log.replace(&model.history);
                (true, true)
            }
            _ => (false, false),
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct LossChartProps {
    /// Grows with every run that starts from new weights: the old curves go.
    pub fresh_runs: usize,
}

/// The chart, its switches and its table.
#[component]
pub fn LossChart(props: &LossChartProps) -> Html {
    let chart = use_memo((), |()| Chart::default());
    let is_log = use_state_eq(|| false);
    let records = use_state_eq(Vec::<EpochRecord>::new);
    {
        let (chart, records) = (chart.clone(), records.setter());
        use_effect_with(props.fresh_runs, move |_| {
            *chart.log.borrow_mut() = LossLog::default();
            records.set(Vec::new());
            chart.paint_soon();
        });
    }
    {
        let (chart, records) = (chart.clone(), records.setter());
        use_news(move |news| {
            if let News::Event(event) = news {
                let (curves, table) = chart.hear(event);
                if curves {
                    chart.paint_soon();
                }
                if table {
                    records.set(chart.log.borrow().epochs.clone());
                }
            }
        });
    }
    {
        let chart = chart.clone();
        use_effect_with((), move |()| {
            let window = web_sys::window().expect("the page runs in a window");
            let listeners = ["resize", COLOURS_CHANGED].map(|kind| {
                let chart = chart.clone();
                EventListener::new(&window, kind, move |_| chart.paint_soon())
            });
            move || drop(listeners)
        });
    }
    let on_switch = {
        let (chart, is_log) = (chart.clone(), is_log.clone());
        Callback::from(move |on: bool| {
            *chart.is_log.borrow_mut() = on;
            is_log.set(on);
            chart.paint_soon();
        })
    };
    html! {
        <div class="loss-chart">
            <div class="row spread">
                <ul class="legend" aria-hidden="true">
                    <li class="steps">{ "each step" }</li>
                    <li class="training">{ "training" }</li>
                    <li class="validation">{ "validation" }</li>
                </ul>
                <Switch label="Logarithmic" on={*is_log} on_change={on_switch} />
            </div>
            <canvas ref={chart.canvas.clone()} role="img" aria-label="Loss curves" aria-describedby="loss-summary"></canvas>
            <div class="row spread">
                <LossTable records={(*records).clone()} />
                <SaveButtons chart={ByPointer(chart)} />
            </div>
        </div>
    }
}

/// Compared by identity: a chart does not change, its content does.
#[derive(Clone)]
struct ByPointer(Rc<Chart>);

impl PartialEq for ByPointer {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Properties, PartialEq)]
struct SaveButtonsProps {
    chart: ByPointer,
}

#[component]
fn SaveButtons(props: &SaveButtonsProps) -> Html {
    let notices = use_notices();
    let save_csv = {
        let (chart, notices) = (props.chart.0.clone(), notices.clone());
        Callback::from(move |_: MouseEvent| {
            let text = chart.log.borrow().to_csv();
            if files::save("pinhole-losses.csv", "text/csv", text.as_bytes()).is_err() {
                notices.problem("The losses could not be saved: the browser refused the download.");
            }
        })
    };
    let save_png = {
        let chart = props.chart.0.clone();
        Callback::from(move |_: MouseEvent| {
            let Some(canvas) = chart.canvas.cast::<HtmlCanvasElement>() else { return };
            let notices = notices.clone();
            let save = Closure::once_into_js(move |blob: Option<Blob>| {
                if blob.is_none_or(|blob| files::save_blob("pinhole-losses.png", &blob).is_err()) {
                    notices.problem("The chart could not be saved: the browser refused the download.");
                }
            });
            // It fails only for a canvas with foreign images on it, which this one never has.
            let _ = canvas.to_blob(save.unchecked_ref());
        })
    };
    html! {
        <span class="row">
            <button type="button" class="button quiet" onclick={save_png}>{ "Save PNG" }</button>
            <button type="button" class="button quiet" onclick={save_csv}>{ "Save CSV" }</button>
        </span>
    }
}

#[derive(Properties, PartialEq)]
struct LossTableProps {
    records: Vec<EpochRecord>,
}

#[component]
fn LossTable(props: &LossTableProps) -> Html {
    let loss = |value: f32| format!("{value:.5}");
    let summary = props.records.last().map_or_else(
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
                    { for props.records.iter().map(|record| html! {
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
