//! Results of scoring a table: metrics, threshold, ranked rows, column errors, and the files to download.

mod column_errors;
mod column_notes;
mod comparison;
mod curves;
mod details;
mod drift;
mod error_histograms;
mod export;
mod filled;
mod metrics;
mod results_data;
mod rows;
mod score_histogram;
mod selected_rows;
mod threshold;
mod threshold_rule;

use std::{cell::RefCell, rc::Rc};

use pinhole_protocol::{
    Command, Event,
    table::{ScoredFile, ScoredFormat, TableCommand, TableEvent},
};
use yew::prelude::*;

use self::{
    column_errors::ColumnErrorsCard,
    curves::Curves,
    export::{ExportOutcome, ExportState},
    results_data::ResultsData,
    rows::RowsTable,
    threshold::ThresholdPanel,
};
use super::fields::button;
use crate::{
    engine_client::{Engine, EngineUpdate, use_engine_updates},
    services::Services,
};

#[derive(Properties, PartialEq)]
pub struct ResultsSectionProps {
    pub engine: Engine,
    pub services: Services,
    pub scored: Rc<ScoredFile>,
    /// True while the engine runs a job.
    pub is_busy: bool,
}

/// The section of the results.
#[component]
pub fn ResultsSection(props: &ResultsSectionProps) -> Html {
    let data = use_mut_ref(|| ResultsData::new(&props.scored));
    let export = use_mut_ref(ExportState::default);
    let update = use_force_update();
    let state = Rc::new(ResultsState { services: props.services.clone(), data, export, update });
    {
        let state = state.clone();
        let on_update = move |message: &EngineUpdate| {
            if let EngineUpdate::Event(event) = message {
                state.on_event(event);
            }
        };
        use_engine_updates(&props.engine, Rc::new(on_update));
    }
    let data = state.data.borrow().clone();
    let threshold = data.report.value;
    let on_explain = state.callback(ResultsState::explain_row);
    html! {
        <div class="results">
            { column_notes::view(&props.scored.column_notes) }
            { state.summary_card(props, &data) }
            <section class="card results-card" aria-labelledby="rows-title">
                <h2 id="rows-title">{ "Rows by anomaly score" }</h2>
                { selected_rows::view(props.services.selection.get().as_deref(), &on_explain) }
                <div class={if data.details.is_some() { "rows-and-details" } else { "" }}>
                    <RowsTable services={props.services.clone()} scored={props.scored.clone()} {threshold}
                        is_explaining={data.details.is_some()} {on_explain} />
                    if let Some(row) = &data.details {
                        { details::view(row, threshold, &state.callback(|state, ()| state.close_details())) }
                    }
                </div>
            </section>
            // Each card is an item of its own, empty or not: otherwise Yew would remount the cards after one that appears.
            if let Some(comparison) = &data.comparison {
                { comparison::view(comparison) }
            }
            if let Some(report) = &data.fill {
                { filled::view(report) }
            }
            if let Some(effect) = &data.effect {
                { drift::effect(effect) }
            }
            if let Some(drift) = &props.scored.drift {
                { drift::view(drift) }
            }
            if props.scored.summary.measures.is_some() {
                <Curves services={props.services.clone()} scored={props.scored.clone()} report={data.report.clone()} />
            }
            <ColumnErrorsCard services={props.services.clone()} columns={data.columns.clone()} />
        </div>
    }
}

/// State of the section, and its handlers.
struct ResultsState {
    services: Services,
    data: Rc<RefCell<ResultsData>>,
    export: Rc<RefCell<ExportState>>,
    update: UseForceUpdateHandle,
}

impl ResultsState {
    fn callback<T: 'static>(self: &Rc<Self>, act: fn(&Self, T)) -> Callback<T> {
        let state = self.clone();
        Callback::from(move |value| act(&state, value))
    }

    fn on_event(&self, event: &Event) {
        let (is_changed, next) = self.data.borrow_mut().on_event(event);
        if let Some(row) = next {
            self.post(TableCommand::Details { row });
        }
        let is_export_changed = match event {
            Event::Table(event) => self.on_export_event(event),
            Event::Failed(failure) => self.export.borrow_mut().on_failure(failure.kind),
            _ => false,
        };
        if is_changed || is_export_changed {
            self.update.force_update();
        }
    }

    fn on_export_event(&self, event: &TableEvent) -> bool {
        let outcome = self.export.borrow_mut().on_event(event);
        if outcome == ExportOutcome::SaveFailed {
            self.services.notices.problem("The file could not be saved: the browser refused the download.");
        }
        outcome != ExportOutcome::Unchanged
    }

    fn post(&self, command: TableCommand) {
        self.services.engine.send(Command::Table(command));
    }

    fn explain_row(&self, row: u64) {
        let details_request = self.data.borrow_mut().details_request.request(row);
        if let Some(row) = details_request {
            self.post(TableCommand::Details { row });
        }
    }

    fn close_details(&self) {
        self.data.borrow_mut().details = None;
        self.update.force_update();
    }

    fn start_export(&self, command: TableCommand) {
        self.export.borrow_mut().start();
        self.post(command);
        self.update.force_update();
    }

    fn export_scored(&self, format: ScoredFormat) {
        self.start_export(TableCommand::ExportScored { format });
    }

    fn summary_card(self: &Rc<Self>, props: &ResultsSectionProps, data: &ResultsData) -> Html {
        let scored = &props.scored;
        let is_writing = self.export.borrow().is_active();
        let is_locked = props.is_busy || is_writing;
        html! {
            <section class="card results-card" aria-labelledby="results-title">
                <h2 id="results-title">{ format!("Results for {}", scored.name) }</h2>
                <div class="warnings">
                    { for scored.summary.warnings.iter().map(|warning| html! { <p class="warning">{ warning }</p> }) }
                </div>
                { metrics::view(&scored.summary, &data.report) }
                <ThresholdPanel services={props.services.clone()} scored={scored.clone()} report={data.report.clone()}
                    is_busy={props.is_busy} />
                <div class="row">
                    { button("Download scored table", "button primary", is_locked, &self.callback(|state, ()| state.export_scored(ScoredFormat::AsRead))) }
                    if scored.has_own_format {
                        { button("Download as CSV", "button", is_locked, &self.callback(|state, ()| state.export_scored(ScoredFormat::Csv))) }
                    }
                    { button("Download report", "button", is_locked, &self.callback(|state, ()| state.start_export(TableCommand::ExportReport))) }
                    { button("Fill missing cells", "button", is_locked, &self.callback(|state, ()| state.start_export(TableCommand::FillMissing))) }
                    if is_writing {
                        <span class="hint">{ "Writing the file…" }</span>
                    }
                </div>
            </section>
        }
    }
}
