//! Panel of the threshold: a line on the histogram of scores that can be dragged, a slider of the same value, and a menu
//! of rules.

use std::rc::Rc;

use pinhole_protocol::{
    Command, Event,
    table::{ScoredFile, TableCommand, TableEvent, ThresholdReport, ThresholdRule},
};
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::threshold_rule::{self, RuleKind};
use crate::{
    components::{
        chart::{Chart, ChartCanvas, Margins, use_chart},
        field::NumberField,
        format::{brief, fixed, grouped},
        histogram::{self, HistogramStyle, ValueAxis},
    },
    engine_client::{EngineUpdate, use_engine_updates},
    glossary::{LinkedTerm, glossary_link},
    labs::tables::fields::menu,
    latest_request::LatestRequest,
    services::Services,
};

/// Steps of the slider from one end to the other.
const SLIDER_STEPS: f64 = 1000.0;

#[derive(Properties, PartialEq)]
pub struct ThresholdPanelProps {
    pub services: Services,
    pub scored: Rc<ScoredFile>,
    /// The current threshold.
    pub report: Rc<ThresholdReport>,
    pub is_busy: bool,
}

/// The panel.
#[component]
pub fn ThresholdPanel(props: &ThresholdPanelProps) -> Html {
    let chart = use_chart();
    let pending = use_state(PendingThreshold::default);
    let latest = use_mut_ref(LatestRequest::<ThresholdRule>::default);
    {
        let (pending, latest, engine) = (pending.clone(), latest.clone(), props.services.engine.clone());
        let on_update = move |message: &EngineUpdate| {
            let is_refused = matches!(message, EngineUpdate::Event(Event::Failed(_)));
            let is_answered = matches!(message, EngineUpdate::Event(Event::Table(TableEvent::Threshold { .. })));
            if !latest.borrow().is_in_flight() || !(is_refused || is_answered) {
                return;
            }
            let next = latest.borrow_mut().advance();
            match next {
                Some(rule) => engine.send(Command::Table(TableCommand::SetThreshold { rule })),
                None => pending.set(PendingThreshold {
                    value: None,
                    refusals: pending.refusals + usize::from(is_refused),
                    ..*pending
                }),
            }
        };
        use_engine_updates(&props.services.engine, Rc::new(on_update));
    }
    use_effect_with(props.scored.clone(), {
        let (pending, latest) = (pending.clone(), latest.clone());
        move |_| {
            // New scores: an answer for the old ones is ignored.
            *latest.borrow_mut() = LatestRequest::default();
            pending.set(PendingThreshold::default());
        }
    });
    let value = pending.value.unwrap_or(props.report.value);
    use_effect_with((props.scored.clone(), value.to_bits()), {
        let chart = chart.clone();
        move |(scored, _)| {
            let scored = scored.clone();
            chart.show(Rc::new(move |sheet| paint(sheet, &scored, value)));
        }
    });
    let set_rule = {
        let (latest, engine) = (latest, props.services.engine.clone());
        Callback::from(move |rule: ThresholdRule| {
            if let Some(rule) = latest.borrow_mut().request(rule) {
                engine.send(Command::Table(TableCommand::SetThreshold { rule }));
            }
        })
    };
    let axis = ValueAxis::of(&props.scored.summary.histogram);
    let control = ThresholdControl { axis, chart, pending, set_rule, is_locked: props.is_busy };
    html! {
        <div class="threshold-panel">
            { control.plot(props) }
            { control.slider(value, props) }
            { control.rules(props) }
        </div>
    }
}

/// The threshold while the engine has not answered yet.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct PendingThreshold {
    /// The requested score.
    value: Option<f64>,
    /// True while a pointer drags the line.
    is_dragged: bool,
    /// Number of refused rules; each resets the menu to the current rule.
    refusals: usize,
}

/// Controls that set the threshold.
struct ThresholdControl {
    axis: ValueAxis,
    chart: Rc<Chart>,
    pending: UseStateHandle<PendingThreshold>,
    set_rule: Callback<ThresholdRule>,
    is_locked: bool,
}

impl ThresholdControl {
    /// Function that sets the threshold at a share of the axis, 0 to 1.
    fn set_share(&self) -> impl Fn(f64, bool) + 'static {
        let (axis, pending, set_rule) = (self.axis, self.pending.clone(), self.set_rule.clone());
        move |share, is_dragged| {
            let value = axis.value(share);
            pending.set(PendingThreshold { value: Some(value), is_dragged, ..*pending });
            set_rule.emit(ThresholdRule::Score(value));
        }
    }

    fn plot(&self, props: &ThresholdPanelProps) -> Html {
        let is_fixed = self.is_locked || self.axis.is_empty();
        let onpointerdown = {
            let set_share = self.set_share();
            Callback::from(move |event: PointerEvent| {
                if event.button() == 0 && !is_fixed {
                    let plot: HtmlElement = event.target_unchecked_into();
                    // A pointer that has left already cannot be captured, and need not be.
                    let _ = plot.set_pointer_capture(event.pointer_id());
                    set_share(share_at(&event, &plot), true);
                }
            })
        };
        let onpointermove = {
            let (set_share, is_dragged) = (self.set_share(), self.pending.is_dragged);
            Callback::from(move |event: PointerEvent| {
                if is_dragged {
                    set_share(share_at(&event, &event.target_unchecked_into()), true);
                }
            })
        };
        let onpointerup = {
            let pending = self.pending.clone();
            Callback::from(move |_: PointerEvent| pending.set(PendingThreshold { is_dragged: false, ..*pending }))
        };
        let has_labels = props.scored.summary.histogram.anomalous.iter().any(|rows| *rows > 0);
        let class = if is_fixed { "plot" } else { "plot draggable" };
        html! {
            <>
                <div class="row spread">
                    <ul class="legend" aria-hidden="true">
                        <li class="rows-normal">{ if has_labels { "normal rows" } else { "rows" } }</li>
                        if has_labels {
                            <li class="rows-anomalous">{ "anomalies" }</li>
                        }
                        <li class="threshold-line">{ "threshold: drag it" }</li>
                    </ul>
                    { self.chart.save_buttons("histogram of scores", "pinhole-scores", &props.services.notices) }
                </div>
                <div {class} {onpointerdown} {onpointermove} onpointerup={onpointerup.clone()} onpointercancel={onpointerup}>
                    { self.chart.view("Histogram of scores", "scores-about") }
                </div>
                { data_table(props) }
            </>
        }
    }

    fn slider(&self, value: f64, props: &ThresholdPanelProps) -> Html {
        let oninput = {
            let set_share = self.set_share();
            Callback::from(move |event: InputEvent| {
                let input: HtmlInputElement = event.target_unchecked_into();
                set_share(input.value_as_number() / SLIDER_STEPS, false);
            })
        };
        let share = self.axis.share(value);
        let shown = if value >= f64::MAX { "above all scores".to_owned() } else { brief(value) };
        let value_text = format!("score {shown}, {} rows flagged", grouped(props.report.flagged as usize));
        html! {
            <label class="field slider">
                <span class="field-name" aria-hidden="true">{ "Threshold" }</span>
                <output class="field-value" aria-hidden="true">{ format!("score {shown}") }</output>
                <input type="range" aria-label="Threshold" aria-valuetext={value_text} min="0" max={SLIDER_STEPS.to_string()} step="1"
                    value={fixed(share * SLIDER_STEPS, 0)} disabled={self.is_locked || self.axis.is_empty()} {oninput} />
            </label>
        }
    }

    fn rules(&self, props: &ThresholdPanelProps) -> Html {
        let (report, rows) = (props.report.clone(), props.scored.summary.rows);
        let kind = RuleKind::of(report.rule);
        let has_labels = report.confusion.is_some() || props.scored.summary.measures.is_some();
        let kinds = RuleKind::offered(has_labels || kind == RuleKind::BestF1);
        let selected = kinds.iter().position(|offered| *offered == kind).unwrap_or_default();
        let titles: Vec<AttrValue> = kinds.iter().map(|kind| kind.title().into()).collect();
        let on_kind = {
            let (set_rule, report) = (self.set_rule.clone(), report.clone());
            Callback::from(move |index: usize| {
                if let Some(rule) = kinds.get(index).and_then(|kind| kind.initial_rule(&report, rows)) {
                    set_rule.emit(rule);
                }
            })
        };
        let on_number = {
            let set_rule = self.set_rule.clone();
            Callback::from(move |number: f64| {
                if let Some(rule) = kind.rule(number) {
                    set_rule.emit(rule);
                }
            })
        };
        let field = kind.number_label().map(|label| {
            let shown = threshold_rule::number(report.rule).filter(|number| *number < f64::MAX).map(brief);
            NumberField::new(label, shown, on_number).view()
        });
        html! {
            <fieldset key={self.pending.refusals} class="field-grid rules" disabled={self.is_locked}>
                { menu("Choose the threshold", titles, selected, &on_kind) }
                { field.unwrap_or_default() }
                if kind == RuleKind::Contamination {
                    <p class="hint">
                        { glossary_link(LinkedTerm::Contamination, "Contamination") }
                        { " is the expected share of anomalies: that share of the rows is flagged." }
                    </p>
                }
            </fieldset>
        }
    }
}

/// Position of a pointer between the ends of the axis, 0 to 1.
fn share_at(event: &PointerEvent, plot: &HtmlElement) -> f64 {
    let bounds = plot.get_bounding_client_rect();
    let Margins { left, right, .. } = Margins::default();
    let width = (bounds.width() - left - right).max(1.0);
    ((f64::from(event.client_x()) - bounds.left() - left) / width).clamp(0.0, 1.0)
}

fn paint(sheet: &ChartCanvas, scored: &ScoredFile, value: f64) {
    let counts = &scored.summary.histogram;
    histogram::draw(sheet, counts, &HistogramStyle::whole(sheet, "score"));
    let Margins { left, right, top, bottom } = Margins::default();
    let x = left + ValueAxis::of(counts).share(value) * (sheet.width - left - right);
    let floor = sheet.height - bottom;
    sheet.line("--ink", 2.0, (x, top), (x, floor));
    sheet.dot("--ink", (x, top + 4.0), 5.0);
}

/// Text alternative of the histogram: its range, and its bins as a table.
fn data_table(props: &ThresholdPanelProps) -> Html {
    let scores = &props.scored.summary.histogram;
    let axis = ValueAxis::of(scores);
    let about = if axis.is_empty() {
        "All scores are the same, so they rank no row above another.".to_owned()
    } else {
        let (low, high) = (brief(axis.value(0.0)), brief(axis.value(1.0)));
        let kind = if scores.is_log { ", on a logarithmic axis" } else { "" };
        format!("Scores from {low} to {high}{kind}.")
    };
    let count = scores.normal.len().max(scores.anomalous.len());
    let at = |counts: &[u32], index: usize| grouped(counts.get(index).copied().unwrap_or_default() as usize);
    let edge = |index: usize| brief(axis.value(index as f64 / count.max(1) as f64));
    html! {
        <details class="loss-table">
            <summary><span id="scores-about">{ about }</span></summary>
            <div class="data-table-scroll">
                <table>
                    <thead><tr><th scope="col">{ "Score from" }</th><th scope="col">{ "to" }</th><th scope="col">{ "Normal" }</th><th scope="col">{ "Anomalous" }</th></tr></thead>
                    <tbody>
                        { for (0..count).map(|index| html! {
                            <tr><td>{ edge(index) }</td><td>{ edge(index + 1) }</td><td>{ at(&scores.normal, index) }</td><td>{ at(&scores.anomalous, index) }</td></tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </details>
    }
}
