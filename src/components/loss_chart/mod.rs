//! Loss curves of a run, painted at most once per frame without rendering a component, and a table of the epochs.

mod log;
mod paint;
mod parts;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use pinhole_protocol::{EpochRecord, Event};
use yew::prelude::*;

use self::log::LossLog;
use super::{
    field::switch,
    format::fixed,
    plot::{Plot, PlotChart},
};
use crate::{files, notices::Notices};

/// Loss curves and their charts: a large one of the total loss, and a small one of each term and of the gradient norm.
pub struct LossChart {
    log: Rc<RefCell<LossLog>>,
    is_log: Rc<Cell<bool>>,
    chart: PlotChart,
    parts: RefCell<Vec<PlotChart>>,
}

impl LossChart {
    fn new() -> Self {
        let (log, is_log) = (Rc::<RefCell<LossLog>>::default(), Rc::<Cell<bool>>::default());
        let chart = PlotChart::new({
            let (log, is_log) = (log.clone(), is_log.clone());
            Rc::new(move || paint::losses(&log.borrow(), is_log.get()))
        });
        Self { log, is_log, chart, parts: RefCell::default() }
    }

    /// Updates the curves. Returns true if the component has to be rendered, because the table or the number of charts
    /// changed.
    pub fn on_event(&self, event: &Event) -> bool {
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
        let are_parts_changed = self.fit_parts();
        self.request_paint();
        is_table_changed || are_parts_changed
    }

    /// Adds or removes charts until there is one for each part of the loss. Returns true if their number changed.
    fn fit_parts(&self) -> bool {
        let (count, mut charts) = (self.log.borrow().parts.len(), self.parts.borrow_mut());
        let count_before = charts.len();
        charts.truncate(count);
        for index in charts.len()..count {
            let (log, is_log) = (self.log.clone(), self.is_log.clone());
            charts.push(PlotChart::new(Rc::new(move || {
                // A new run clears the log before the charts of the last one are gone.
                let log = log.borrow();
                log.parts
                    .get(index)
                    .map_or_else(Plot::default, |(quantity, trace)| paint::part(*quantity, trace, is_log.get()))
            })));
        }
        count != count_before
    }

    /// Requests a repaint of all charts.
    pub fn request_paint(&self) {
        self.chart.chart.request_paint();
        self.parts.borrow().iter().for_each(|part| part.chart.request_paint());
    }

    fn clear(&self) {
        *self.log.borrow_mut() = LossLog::default();
        self.fit_parts();
        self.request_paint();
    }

    fn save_csv(&self, notices: &Notices) {
        let text = self.log.borrow().to_csv();
        if files::save("pinhole-losses.csv", "text/csv", text.as_bytes()).is_err() {
            notices.problem("The losses could not be saved: the browser refused the download.");
        }
    }
}

/// Loss chart that lives as long as the component and is cleared when `fresh_runs` changes.
#[hook]
pub fn use_loss_chart(fresh_runs: usize) -> Rc<LossChart> {
    let chart = use_memo((), |()| LossChart::new());
    {
        let chart = chart.clone();
        use_effect_with(fresh_runs, move |_| chart.clear());
    }
    chart
}

/// Renders the charts, the switch of the scale, and the table.
pub fn view(chart: &Rc<LossChart>, notices: &Notices, on_change: &Callback<()>) -> Html {
    let on_switch = {
        let (chart, on_change) = (chart.clone(), on_change.clone());
        Callback::from(move |on: bool| {
            chart.is_log.set(on);
            chart.request_paint();
            on_change.emit(());
        })
    };
    let save_csv = {
        let (chart, notices) = (chart.clone(), notices.clone());
        Callback::from(move |_: MouseEvent| chart.save_csv(&notices))
    };
    html! {
        <div class="loss-chart">
            <div class="row spread">
                <ul class="legend" aria-hidden="true">
                    <li class="steps">{ "each step" }</li>
                    <li class="training">{ "training" }</li>
                    <li class="validation">{ "validation" }</li>
                </ul>
                { switch("Logarithmic", chart.is_log.get(), &on_switch) }
            </div>
            { chart.chart.view("Loss curves", "loss-summary", on_change) }
            <div class="row spread">
                { table(&chart.log.borrow().epochs) }
                <span class="row">
                    { chart.chart.chart.save_buttons("loss curves", "pinhole-losses", notices) }
                    <button type="button" class="button quiet" onclick={save_csv}>{ "Save CSV" }</button>
                </span>
            </div>
            { parts::view(&chart.log.borrow().parts, &chart.parts.borrow(), on_change) }
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
