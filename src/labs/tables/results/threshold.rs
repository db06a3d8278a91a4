//! The threshold: a line on the scores' histogram that is dragged, a slider that is the same value, and a menu of rules.

use std::rc::Rc;

use pinhole_protocol::{
    Command, Event,
    table::{ScoredFile, TableCommand, TableEvent, ThresholdReport, ThresholdRule},
};
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::rule::{self, RuleKind};
use crate::{
    components::{
        chart::{Chart, ChartCanvas, Margins, use_chart},
        field::NumberField,
        format::{brief, fixed, grouped},
        histogram::{self, HistogramStyle, ValueAxis},
    },
    engine_client::{EngineUpdate, use_engine_updates},
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
    /// The threshold in force.
    pub report: Rc<ThresholdReport>,
    pub is_busy: bool,
}

/// The panel.
#[component]
pub fn ThresholdPanel(props: &ThresholdPanelProps) -> Html {
    let chart = use_chart();
    let hold = use_state(Hold::default);
    let latest = use_mut_ref(LatestRequest::<ThresholdRule>::default);
    {
        let (hold, latest, engine) = (hold.clone(), latest.clone(), props.services.engine.clone());
        let hear = move |news: &EngineUpdate| {
            let is_refused = matches!(news, EngineUpdate::Event(Event::Failed(_)));
            let is_answered = matches!(news, EngineUpdate::Event(Event::Table(TableEvent::Threshold { .. })));
            if !latest.borrow().is_in_flight() || !(is_refused || is_answered) {
                return;
            }
            let next = latest.borrow_mut().advance();
            match next {
                Some(rule) => engine.send(Command::Table(TableCommand::SetThreshold { rule })),
                None => hold.set(Hold { value: None, refusals: hold.refusals + usize::from(is_refused), ..*hold }),
            }
        };
        use_engine_updates(&props.services.engine, Rc::new(hear));
    }
    use_effect_with(props.scored.clone(), {
        let (hold, latest) = (hold.clone(), latest.clone());
        move |_| {
            // Other scores: what was asked of the last ones counts no more.
            *latest.borrow_mut() = LatestRequest::default();
            hold.set(Hold::default());
        }
    });
    let value = hold.value.unwrap_or(props.report.value);
    use_effect_with((props.scored.clone(), value.to_bits()), {
        let chart = chart.clone();
        move |(scored, _)| {
            let scored = scored.clone();
            chart.show(Rc::new(move |sheet| paint(sheet, &scored, value)));
        }
    });
    let ask = {
        let (latest, engine) = (latest, props.services.engine.clone());
        Callback::from(move |rule: ThresholdRule| {
            if let Some(rule) = latest.borrow_mut().request(rule) {
                engine.send(Command::Table(TableCommand::SetThreshold { rule }));
            }
        })
    };
    let hand =
        Hand { axis: ValueAxis::of(&props.scored.summary.histogram), chart, hold, ask, is_locked: props.is_busy };
    html! {
        <div class="threshold-panel">
            { hand.plot(props) }
            { hand.slider(value, props) }
            { hand.rules(props) }
        </div>
    }
}

/// The line while the engine has not answered yet.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Hold {
    /// Where it was put.
    value: Option<f64>,
    /// Whether a pointer holds it.
    is_dragged: bool,
    /// Rules that were refused; the menu then goes back to the rule in force.
    refusals: usize,
}

/// What moves the line.
struct Hand {
    axis: ValueAxis,
    chart: Rc<Chart>,
    hold: UseStateHandle<Hold>,
    ask: Callback<ThresholdRule>,
    is_locked: bool,
}

impl Hand {
    /// Puts the line at a share of the axis.
    fn put(&self) -> impl Fn(f64, bool) + 'static {
        let (axis, hold, ask) = (self.axis, self.hold.clone(), self.ask.clone());
        move |share, is_dragged| {
            let value = axis.value(share);
            hold.set(Hold { value: Some(value), is_dragged, ..*hold });
            ask.emit(ThresholdRule::Score(value));
        }
    }

    fn plot(&self, props: &ThresholdPanelProps) -> Html {
        let is_fixed = self.is_locked || self.axis.is_empty();
        let onpointerdown = {
            let put = self.put();
            Callback::from(move |event: PointerEvent| {
                if event.button() == 0 && !is_fixed {
                    let plot: HtmlElement = event.target_unchecked_into();
                    // A pointer that is gone already cannot be captured, and needs not be.
                    let _ = plot.set_pointer_capture(event.pointer_id());
                    put(share_at(&event, &plot), true);
                }
            })
        };
        let onpointermove = {
            let (put, is_dragged) = (self.put(), self.hold.is_dragged);
            Callback::from(move |event: PointerEvent| {
                if is_dragged {
                    put(share_at(&event, &event.target_unchecked_into()), true);
                }
            })
        };
        let onpointerup = {
            let hold = self.hold.clone();
            Callback::from(move |_: PointerEvent| hold.set(Hold { is_dragged: false, ..*hold }))
        };
        let has_labels = props.scored.summary.histogram.anomalous.iter().any(|rows| *rows > 0);
        let class = if is_fixed { "plot" } else { "plot draggable" };
        html! {
            <>
                <div class="row spread">
                    <ul class="legend" aria-hidden="true">
                        <li class="rows-normal">{ if has_labels { "normal rows" } else { "rows" } }</li>
                        if has_labels {
                            <li class="rows-odd">{ "odd rows" }</li>
                        }
                        <li class="threshold-line">{ "threshold: drag it" }</li>
                    </ul>
                    { self.chart.save_button("histogram of scores", "pinhole-scores.png", &props.services.notices) }
                </div>
                <div {class} {onpointerdown} {onpointermove} onpointerup={onpointerup.clone()} onpointercancel={onpointerup}>
                    { self.chart.view("Histogram of scores", "scores-about") }
                </div>
                { twin(props) }
            </>
        }
    }

    fn slider(&self, value: f64, props: &ThresholdPanelProps) -> Html {
        let oninput = {
            let put = self.put();
            Callback::from(move |event: InputEvent| {
                let input: HtmlInputElement = event.target_unchecked_into();
                put(input.value_as_number() / SLIDER_STEPS, false);
            })
        };
        let share = self.axis.share(value);
        let shown = if value >= f64::MAX { "above all scores".to_owned() } else { brief(value) };
        let said = format!("score {shown}, {} rows flagged", grouped(props.report.flagged as usize));
        html! {
            <label class="field slider">
                <span class="field-name" aria-hidden="true">{ "Threshold" }</span>
                <output class="field-value" aria-hidden="true">{ format!("score {shown}") }</output>
                <input type="range" aria-label="Threshold" aria-valuetext={said} min="0" max={SLIDER_STEPS.to_string()} step="1"
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
            let (ask, report) = (self.ask.clone(), report.clone());
            Callback::from(move |index: usize| {
                if let Some(rule) = kinds.get(index).and_then(|kind| kind.first(&report, rows)) {
                    ask.emit(rule);
                }
            })
        };
        let on_number = {
            let ask = self.ask.clone();
            Callback::from(move |number: f64| {
                if let Some(rule) = kind.rule(number) {
                    ask.emit(rule);
                }
            })
        };
        let field = kind.number_label().map(|label| {
            let shown = rule::number(report.rule).filter(|number| *number < f64::MAX).map(brief);
            NumberField::new(label, shown, on_number).view()
        });
        html! {
            <fieldset key={self.hold.refusals} class="field-grid rules" disabled={self.is_locked}>
                { menu("Choose the threshold", titles, selected, &on_kind) }
                { field.unwrap_or_default() }
            </fieldset>
        }
    }
}

/// Where a pointer lies between the plot's edges, 0 to 1.
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

/// The histogram in words and as a table.
fn twin(props: &ThresholdPanelProps) -> Html {
    let scores = &props.scored.summary.histogram;
    let axis = ValueAxis::of(scores);
    let about = if axis.is_empty() {
        "All scores are the same, so there is nothing to tell rows apart by.".to_owned()
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
            <div class="twin-scroll">
                <table>
                    <thead><tr><th scope="col">{ "Score from" }</th><th scope="col">{ "to" }</th><th scope="col">{ "Normal" }</th><th scope="col">{ "Odd" }</th></tr></thead>
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
