//! Panel of the threshold: a line on the histogram of scores that can be dragged, a slider of the same value, and a menu
//! of rules.

use std::rc::Rc;

use pinhole_protocol::{
    Command, Event,
    table::{ScoredFile, TableCommand, TableEvent, ThresholdReport, ThresholdRule},
};
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::{
    score_histogram::{self, ScoreHistogram},
    threshold_rule::{self, RuleField, RuleKind},
};
use crate::{
    components::{
        chart::{InteractiveChart, PlotArea, use_interactive_chart},
        format::{brief, fixed, grouped},
        histogram::ValueAxis,
        number_field::NumberField,
    },
    engine_client::{EngineUpdate, use_engine_updates},
    glossary::{LinkedTerm, glossary_link},
    labs::tables::fields::menu,
    latest_request::LatestRequest,
    notices::Notices,
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
    let content = ScoreHistogram { scored: props.scored.clone(), threshold: value };
    let has_labels = content.has_labels();
    let chart = use_interactive_chart(content);
    let update = use_force_update();
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
            { control.plot(has_labels, &Callback::from(move |()| update.force_update()), &props.services.notices) }
            { score_histogram::data_table(&props.scored.summary.histogram) }
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
    chart: InteractiveChart<ScoreHistogram>,
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

    /// Function that sets the threshold at a pointer that drags it.
    fn drag_to(&self) -> impl Fn(&PointerEvent) + 'static {
        let (chart, set_share) = (self.chart.chart.clone(), self.set_share());
        move |event| {
            if let Some(((x, _), size)) = chart.pointer_position(event) {
                set_share(PlotArea::of_canvas(size).share_at(x), true);
            }
        }
    }

    fn plot(&self, has_labels: bool, on_change: &Callback<()>, notices: &Notices) -> Html {
        let is_fixed = self.is_locked || self.axis.is_empty();
        let onpointerdown = {
            let drag_to = self.drag_to();
            Callback::from(move |event: PointerEvent| {
                if event.button() == 0 && !is_fixed {
                    let target: HtmlElement = event.target_unchecked_into();
                    // A pointer that has left already cannot be captured, and need not be.
                    let _ = target.set_pointer_capture(event.pointer_id());
                    drag_to(&event);
                }
            })
        };
        let onpointermove = {
            let (drag_to, is_dragged) = (self.drag_to(), self.pending.is_dragged);
            Callback::from(move |event: PointerEvent| {
                if is_dragged {
                    drag_to(&event);
                }
            })
        };
        let onpointerup = {
            let pending = self.pending.clone();
            Callback::from(move |_: PointerEvent| pending.set(PendingThreshold { is_dragged: false, ..*pending }))
        };
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
                    { self.chart.save_buttons("histogram of scores", "pinhole-scores", notices) }
                </div>
                <div class={classes!((!is_fixed).then_some("draggable"))} {onpointerdown} {onpointermove} onpointerup={onpointerup.clone()} onpointercancel={onpointerup}>
                    { self.chart.view_without_keys("Histogram of scores", "scores-about", on_change) }
                </div>
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
        let kinds = RuleKind::offered(has_labels || kind.needs_labels());
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
        let numbers = threshold_rule::numbers(report.rule);
        let field = |(index, (label, range)): (usize, &RuleField)| {
            let (set_rule, numbers) = (self.set_rule.clone(), numbers.clone());
            let shown = numbers.get(index).copied().filter(|number| *number < f64::MAX).map(brief);
            let on_number = Callback::from(move |number: f64| {
                let mut numbers = numbers.clone();
                if let Some(own) = numbers.get_mut(index) {
                    *own = number;
                }
                if let Some(rule) = kind.rule(&numbers) {
                    set_rule.emit(rule);
                }
            });
            NumberField::new(label, shown, *range, on_number).view()
        };
        html! {
            <fieldset key={self.pending.refusals} class="field-grid rules" disabled={self.is_locked}>
                { menu("Choose the threshold", titles, selected, &on_kind) }
                { for kind.fields().iter().enumerate().map(field) }
                if kind == RuleKind::Contamination {
                    <p class="hint">
                        { glossary_link(LinkedTerm::Contamination, "Contamination") }
                        { " is the expected share of anomalies: that share of the rows is flagged." }
                    </p>
                }
                <p class="hint" data-testid="alerts">{ &report.alerts }</p>
            </fieldset>
        }
    }
}
