//! Loss curves while training: drawn at most once a frame, without rendering anything; a table for those who read it.

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
use super::{chart::Chart, field::switch, figures::fixed};
use crate::{files, notices::Notices};

/// The log, and the charts that are drawn of it: a large one of the loss, and one for each of its parts.
pub struct LossChart {
    log: Rc<RefCell<LossLog>>,
    is_log: Rc<Cell<bool>>,
    chart: Rc<Chart>,
    parts: RefCell<Vec<Rc<Chart>>>,
}

impl LossChart {
    fn new() -> Self {
        let (log, is_log) = (Rc::<RefCell<LossLog>>::default(), Rc::<Cell<bool>>::default());
        let chart = Chart::new();
        chart.show({
            let (log, is_log) = (log.clone(), is_log.clone());
            Rc::new(move |sheet| paint::draw(sheet, &log.borrow(), is_log.get()))
        });
        Self { log, is_log, chart, parts: RefCell::default() }
    }

    /// Takes the news that change the curves. Whether they change the page around the charts too, so that it has to be
    /// rendered.
    pub fn hear(&self, event: &Event) -> bool {
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
        self.paint_soon();
        is_table_changed || are_parts_changed
    }

    /// A chart for every part, no more and no less. Whether there are others now.
    fn fit_parts(&self) -> bool {
        let (wanted, mut charts) = (self.log.borrow().parts.len(), self.parts.borrow_mut());
        let had = charts.len();
        charts.resize_with(wanted, Chart::new);
        for (index, chart) in charts.iter().enumerate().skip(had) {
            let (log, is_log) = (self.log.clone(), self.is_log.clone());
            chart.show(Rc::new(move |sheet| {
                if let Some((_, trace)) = log.borrow().parts.get(index) {
                    paint::draw_part(sheet, trace, is_log.get());
                }
            }));
        }
        wanted != had
    }

    fn paint_soon(&self) {
        self.chart.paint_soon();
        self.parts.borrow().iter().for_each(Chart::paint_soon);
    }

    fn clear(&self) {
        *self.log.borrow_mut() = LossLog::default();
        self.fit_parts();
        self.paint_soon();
    }

    fn save_csv(&self, notices: &Notices) {
        let text = self.log.borrow().to_csv();
        if files::save("pinhole-losses.csv", "text/csv", text.as_bytes()).is_err() {
            notices.problem("The losses could not be saved: the browser refused the download.");
        }
    }
}

/// A chart for a component, emptied for every run from new weights.
#[hook]
pub fn use_loss_chart(fresh_runs: usize) -> Rc<LossChart> {
    let chart = use_memo((), |()| LossChart::new());
    {
        let chart = chart.clone();
        use_effect_with(fresh_runs, move |_| chart.clear());
    }
    chart
}

/// The chart, its switch and its table.
pub fn view(chart: &Rc<LossChart>, notices: &Notices, on_change: &Callback<()>) -> Html {
    let on_switch = {
        let (chart, on_change) = (chart.clone(), on_change.clone());
        Callback::from(move |on: bool| {
            chart.is_log.set(on);
            chart.paint_soon();
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
            { chart.chart.view("Loss curves", "loss-summary") }
            <div class="row spread">
                { table(&chart.log.borrow().epochs) }
                <span class="row">
                    { chart.chart.save_button("loss curves", "pinhole-losses.png", notices) }
                    <button type="button" class="button quiet" onclick={save_csv}>{ "Save CSV" }</button>
                </span>
            </div>
            { parts::view(&chart.log.borrow().parts, &chart.parts.borrow()) }
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
