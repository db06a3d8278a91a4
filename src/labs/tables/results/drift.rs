//! Drift of the file against the training table, and the effect of fine-tuning on it.

use pinhole_protocol::table::{ColumnDrift, DriftReport, FineTuneEffect, ShiftSize};
use yew::prelude::*;

use crate::{
    components::format::{brief, fixed, grouped},
    glossary::{LinkedTerm, glossary_link},
};

/// Most columns listed, the most shifted first.
const MAX_COLUMNS: usize = 40;

/// Card of the drift.
pub fn view(drift: &DriftReport) -> Html {
    let hidden = drift.columns.len().saturating_sub(MAX_COLUMNS);
    html! {
        <section class="card results-card" aria-labelledby="drift-title">
            <h2 id="drift-title">{ "Drift against training" }</h2>
            <p class="lead-sentence">{ summary_sentence(drift) }</p>
            <div class="table-scroll" role="region" aria-label="Shift of each column" tabindex="0">
                <table class="cells drift" aria-label="Drift">
                    <thead>
                        <tr>
                            <th scope="col">{ "Column" }</th>
                            <th scope="col">{ "Shift" }</th>
                            <th scope="col"><abbr title="Population stability index">{ "PSI" }</abbr></th>
                            <th scope="col"><abbr title="Kolmogorov-Smirnov statistic">{ "KS" }</abbr></th>
                            <th scope="col">{ "Missing before" }</th>
                            <th scope="col">{ "Missing now" }</th>
                            <th scope="col">{ "Unknown categories" }</th>
                        </tr>
                    </thead>
                    <tbody>
                        { line("All scores", &drift.scores) }
                        { for drift.columns.iter().take(MAX_COLUMNS).map(|column| line(&column.name, column)) }
                    </tbody>
                </table>
            </div>
            if hidden > 0 {
                <p class="hint">{ format!("{} more columns have shifted less.", grouped(hidden)) }</p>
            }
            <p class="hint">
                { "With large " }
                { glossary_link(LinkedTerm::Drift, "drift") }
                { " scores mean less. PSI below 0.1 counts as stable, above 0.25 as a large shift. KS is the greatest distance between the two distributions, from 0 to 1. A shift is called one only if both agree, and the rows are enough to tell it from chance. Dates are not compared." }
            </p>
        </section>
    }
}

fn line(name: &str, shift: &ColumnDrift) -> Html {
    let percent = |share: f64| format!("{} %", fixed(100.0 * share, 1));
    let unknown = if shift.unknown == 0 { String::new() } else { format!("{} cells", grouped(shift.unknown as usize)) };
    html! {
        <tr>
            <th scope="row">{ name.to_owned() }</th>
            <td class={shift_class(shift.shift())}>{ shift.shift_text() }</td>
            <td class="figure">{ fixed(shift.population_stability_index, 3) }</td>
            <td class="figure">{ fixed(shift.kolmogorov_smirnov, 3) }</td>
            <td class="figure">{ percent(shift.missing_before) }</td>
            <td class="figure">{ percent(shift.missing_now) }</td>
            <td class="figure">{ unknown }</td>
        </tr>
    }
}

const fn shift_class(shift: ShiftSize) -> &'static str {
    match shift {
        ShiftSize::Large => "shift-large",
        ShiftSize::Some => "shift-some",
        ShiftSize::Stable => "shift-none",
    }
}

fn summary_sentence(drift: &DriftReport) -> String {
    let large = drift.columns.iter().filter(|column| column.shift() == ShiftSize::Large).count();
    let columns = match (large, drift.columns.len()) {
        (0, _) => "no column has a large shift".to_owned(),
        (1, all) => format!("1 of {} columns has a large shift", grouped(all)),
        (large, all) => format!("{} of {} columns have a large shift", grouped(large), grouped(all)),
    };
    let scores = match drift.scores.values_shift {
        ShiftSize::Stable => "The scores lie as in training",
        ShiftSize::Some => "The scores have shifted somewhat since training",
        ShiftSize::Large => "The scores have shifted far from those in training",
    };
    format!("{scores}; {columns}.")
}

/// Card of the effect of fine-tuning.
pub fn effect(effect: &FineTuneEffect) -> Html {
    let percent = |share: f64| format!("{} %", fixed(100.0 * share, 1));
    let line = |name: &'static str, before: String, after: String| {
        html! { <tr><th scope="row">{ name }</th><td>{ before }</td><td>{ after }</td></tr> }
    };
    html! {
        <section class="card results-card" aria-labelledby="effect-title">
            <h2 id="effect-title">{ "What fine-tuning did" }</h2>
            <p class="lead-sentence">{ effect_sentence(effect) }</p>
            <table class="confusion" aria-label="Effect of fine-tuning">
                <thead><tr><td></td><th scope="col">{ "Before" }</th><th scope="col">{ "After" }</th></tr></thead>
                <tbody>
                    { line("Median score of old rows", brief(effect.old_before), brief(effect.old_after)) }
                    { line("Median score of new rows", brief(effect.new_before), brief(effect.new_after)) }
                    { line("New rows flagged", percent(effect.flagged_before), percent(effect.flagged_after)) }
                </tbody>
            </table>
            <p class="hint">
                { format!("{} epochs, on the new rows and {} old ones. The medians of new rows are over rows left out of training.",
                    effect.epochs, grouped(effect.replay_rows as usize)) }
            </p>
        </section>
    }
}

fn effect_sentence(effect: &FineTuneEffect) -> String {
    let new = change_text(effect.new_before, effect.new_after);
    let old = change_text(effect.old_before, effect.old_after);
    format!("New rows are reconstructed {new} than before, old rows {old}.")
        .replace("as well than before", "as well as before")
}

/// Change of a median error in words; up to a tenth either way counts as equal.
fn change_text(before: f64, after: f64) -> &'static str {
    match after / before {
        ratio if ratio < 0.5 => "far better",
        ratio if ratio < 0.9 => "better",
        ratio if ratio <= 1.1 => "as well",
        ratio if ratio <= 2.0 => "worse",
        ratio if ratio > 2.0 => "far worse",
        _ => "as well",
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn shift(name: &str, values_shift: ShiftSize) -> ColumnDrift {
        ColumnDrift { name: name.into(), values_shift, ..ColumnDrift::default() }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_shift_is_named_with_its_reason() {
        let mut drift = shift("flow", ShiftSize::Stable);
        assert_eq!(drift.shift_text(), "stable");
        drift.missing_shift = ShiftSize::Large;
        assert_eq!(
            (drift.shift_text().as_str(), shift_class(drift.shift())),
            ("large shift: missing cells", "shift-large")
        );
        drift.values_shift = ShiftSize::Large;
        assert_eq!(drift.shift_text(), "large shift");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn drift_is_summarised_in_a_sentence() {
        let mut drift =
            DriftReport { scores: shift("score", ShiftSize::Stable), columns: vec![shift("flow", ShiftSize::Some)] };
        assert_eq!(summary_sentence(&drift), "The scores lie as in training; no column has a large shift.");
        drift.scores = shift("score", ShiftSize::Large);
        drift.columns.push(shift("temperature", ShiftSize::Large));
        assert_eq!(
            summary_sentence(&drift),
            "The scores have shifted far from those in training; 1 of 2 columns has a large shift."
        );
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_effect_is_summarised_in_a_sentence() {
        let mut effect = FineTuneEffect {
            epochs: 5,
            replay_rows: 100,
            old_before: 1.0,
            old_after: 1.02,
            new_before: 4.0,
            new_after: 1.2,
            flagged_before: 0.4,
            flagged_after: 0.06,
        };
        assert_eq!(effect_sentence(&effect), "New rows are reconstructed far better than before, old rows as well.");
        effect.new_after = 4.0;
        effect.old_after = 1.5;
        assert_eq!(effect_sentence(&effect), "New rows are reconstructed as well as before, old rows worse.");
    }
}
