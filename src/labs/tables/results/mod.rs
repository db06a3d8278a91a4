//! What came of scoring a table: the ranking, the threshold, the columns to blame, and files to take home.

mod columns;
mod compare;
mod curves;
mod details;
mod drift;
mod exports;
mod figures;
mod findings;
mod rows;
mod rule;
mod threshold;

use std::{cell::RefCell, rc::Rc};

use pinhole_protocol::{
    Command, Event,
    table::{ScoredFile, TableCommand},
};
use yew::prelude::*;

use self::{
    columns::ColumnsCard,
    curves::Curves,
    exports::{Export, Exported},
    findings::Findings,
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
    /// Whether the engine is at something else.
    pub is_busy: bool,
}

/// The section.
#[component]
pub fn ResultsSection(props: &ResultsSectionProps) -> Html {
    let findings = use_mut_ref(|| Findings::of(&props.scored));
    let export = use_mut_ref(Export::default);
    let update = use_force_update();
    let desk = Rc::new(Desk { services: props.services.clone(), findings, export, update });
    {
        let desk = desk.clone();
        let hear = move |news: &EngineUpdate| {
            if let EngineUpdate::Event(event) = news {
                desk.hear(event);
            }
        };
        use_engine_updates(&props.engine, Rc::new(hear));
    }
    let findings = desk.findings.borrow().clone();
    let threshold = findings.report.value;
    let on_open = desk.on(Desk::open);
    html! {
        <div class="results">
            { desk.summary(props, &findings) }
            <section class="card results-card" aria-labelledby="rows-title">
                <h2 id="rows-title">{ "Rows by their score" }</h2>
                <div class={if findings.details.is_some() { "rows-and-details" } else { "" }}>
                    <RowsTable services={props.services.clone()} scored={props.scored.clone()} {threshold}
                        is_open={findings.details.is_some()} {on_open} />
                    if let Some(row) = &findings.details {
                        { details::view(row, threshold, &desk.on(|desk, ()| desk.close())) }
                    }
                </div>
            </section>
            // A place for each, filled or not: what comes and goes must not make its neighbours start anew.
            if let Some(comparison) = &findings.comparison {
                { compare::view(comparison) }
            }
            if let Some(effect) = &findings.effect {
                { drift::effect(effect) }
            }
            if let Some(drift) = &props.scored.drift {
                { drift::view(drift) }
            }
            if props.scored.summary.measures.is_some() {
                <Curves services={props.services.clone()} scored={props.scored.clone()} report={findings.report.clone()} />
            }
            <ColumnsCard services={props.services.clone()} columns={findings.columns.clone()} />
        </div>
    }
}

/// What the section works with.
struct Desk {
    services: Services,
    findings: Rc<RefCell<Findings>>,
    export: Rc<RefCell<Export>>,
    update: UseForceUpdateHandle,
}

impl Desk {
    fn on<T: 'static>(self: &Rc<Self>, act: fn(&Self, T)) -> Callback<T> {
        let desk = self.clone();
        Callback::from(move |value| act(&desk, value))
    }

    fn hear(&self, event: &Event) {
        let (is_changed, next) = self.findings.borrow_mut().hear(event);
        if let Some(row) = next {
            self.say(TableCommand::Details { row });
        }
        let is_exported = match event {
            Event::Table(event) => self.hear_export(event),
            Event::Failed(failure) => self.export.borrow_mut().fail(failure.kind),
            _ => false,
        };
        if is_changed || is_exported {
            self.update.force_update();
        }
    }

    fn hear_export(&self, event: &pinhole_protocol::table::TableEvent) -> bool {
        let exported = self.export.borrow_mut().hear(event);
        if exported == Exported::Lost {
            self.services.notices.problem("The file could not be saved: the browser refused the download.");
        }
        exported != Exported::Nothing
    }

    fn say(&self, command: TableCommand) {
        self.services.engine.send(Command::Table(command));
    }

    fn open(&self, row: u64) {
        let wanted = self.findings.borrow_mut().wanted.request(row);
        if let Some(row) = wanted {
            self.say(TableCommand::Details { row });
        }
    }

    fn close(&self) {
        self.findings.borrow_mut().details = None;
        self.update.force_update();
    }

    fn write(&self, command: TableCommand) {
        self.export.borrow_mut().begin();
        self.say(command);
        self.update.force_update();
    }

    fn summary(self: &Rc<Self>, props: &ResultsSectionProps, findings: &Findings) -> Html {
        let scored = &props.scored;
        let is_writing = self.export.borrow().is_under_way();
        let is_locked = props.is_busy || is_writing;
        html! {
            <section class="card results-card" aria-labelledby="results-title">
                <h2 id="results-title">{ format!("Results for {}", scored.name) }</h2>
                <div class="warnings">
                    { for scored.summary.warnings.iter().map(|warning| html! { <p class="warning">{ warning }</p> }) }
                </div>
                { figures::view(&scored.summary, &findings.report) }
                <ThresholdPanel services={props.services.clone()} scored={scored.clone()} report={findings.report.clone()}
                    is_busy={props.is_busy} />
                <div class="row">
                    { button("Download scored CSV", "button primary", is_locked, &self.on(|desk, ()| desk.write(TableCommand::ExportScored))) }
                    { button("Download report", "button", is_locked, &self.on(|desk, ()| desk.write(TableCommand::ExportReport))) }
                    if is_writing {
                        <span class="hint">{ "Writing the file…" }</span>
                    }
                </div>
            </section>
        }
    }
}
