//! The panel "What is this code for?": one question, one deciding measure, a verdict; all other measures on demand.

mod scale;

use std::rc::Rc;

use pinhole_protocol::latent::{Grade, LatentMeasure, LatentMeasures, Question, Verdict};
use yew::prelude::*;

use self::scale::{figure, scale};
use super::{
    controller::{Controller, on},
    state::{JobKind, Lab},
};
use crate::components::format::grouped;

/// Renders the panel.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let asked = lab.exploration.question;
    let measures = asked.and_then(|question| lab.measures[question as usize].as_ref());
    let is_measuring = lab.job.as_ref().is_some_and(|job| job.kind == JobKind::Measuring);
    html! {
        <section class="latent-part" aria-labelledby="latent-question">
            <h2 id="latent-question">{ "What is this code for?" }</h2>
            <div class="latent-questions" role="radiogroup" aria-labelledby="latent-question">
                { for Question::ALL.into_iter().map(|question| radio(question, lab, controller)) }
            </div>
            if let Some(measures) = measures {
                { verdict(&measures.verdict) }
                <p class="hint">{ format!("Measured on {} samples.", grouped(measures.samples)) }</p>
                { more(measures, lab, is_measuring, controller) }
            } else {
                <p class="hint">{ waiting_text(lab, is_measuring) }</p>
                if let Some(question) = asked.filter(|_| lab.exploration.wanted.is_none() && lab.job.is_none()) {
                    // The job was stopped or refused, and a radio button that is chosen cannot be chosen again.
                    { again(question, controller) }
                }
            }
        </section>
    }
}

/// Sentence that stands in place of a verdict.
const fn waiting_text(lab: &Lab, is_measuring: bool) -> &'static str {
    if lab.vectors.is_none() {
        return "Once a model is trained, its code can be measured.";
    }
    match (is_measuring, lab.exploration.question) {
        (true, _) => "Measuring …",
        (false, Some(_)) if lab.exploration.wanted.is_some() => "Measuring begins once the job in progress is done.",
        (false, _) => "Choose what it is for: one measure answers it, beside PCA of the same size and the raw input.",
    }
}

fn again(question: Question, controller: &Rc<Controller>) -> Html {
    let onclick = on(controller, Controller::ask_question).reform(move |_: MouseEvent| question);
    html! { <button type="button" class="button small" {onclick}>{ "Measure again" }</button> }
}

fn radio(question: Question, lab: &Lab, controller: &Rc<Controller>) -> Html {
    let known = lab.measures[question as usize].as_ref().map(|measures| &measures.verdict);
    let onchange = on(controller, Controller::ask_question).reform(move |_: Event| question);
    let id = format!("latent-grade-{}", question.name().to_lowercase());
    let is_good = known.is_some_and(|verdict| verdict.grade == Grade::Good);
    html! {
        <label class="latent-question">
            <input type="radio" name="latent-question" aria-label={question.name()} aria-describedby={known.is_some().then(|| id.clone())}
                checked={lab.exploration.question == Some(question)} disabled={lab.vectors.is_none()} {onchange} />
            <span>{ question.name() }</span>
            if let Some(verdict) = known {
                <span {id} class={classes!("hint", is_good.then_some("good"))}>{ grade_text(verdict) }</span>
            }
        </label>
    }
}

/// Grade in a few words.
fn grade_text(verdict: &Verdict) -> String {
    match verdict.grade {
        Grade::Good => "good".into(),
        Grade::Fair => "fair".into(),
        Grade::NotApplicable => "not applicable".into(),
        Grade::Poor => match best(verdict) {
            Some(name) => format!("behind {}", decapitalised(name)),
            None => "poor".into(),
        },
    }
}

/// Name of the candidate that is better than the code, and than all others; `None` if the code is the best.
fn best(verdict: &Verdict) -> Option<&str> {
    let worth = |value: f64| if verdict.higher_is_better { value } else { -value };
    let known = verdict.candidates.iter().filter_map(|candidate| Some((candidate, worth(candidate.value?))));
    let (best, _) = known.max_by(|one, other| one.1.total_cmp(&other.1))?;
    (best != verdict.candidates.first()?).then_some(best.name.as_str())
}

/// Text that begins with a small letter, unless its first word is an abbreviation.
fn decapitalised(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            format!("{}{}", first.to_lowercase(), characters.as_str())
        }
        _ => text.into(),
    }
}

fn verdict(verdict: &Verdict) -> Html {
    html! {
        <>
            <p class="look-for" role="status" data-testid="latent-verdict">{ &verdict.sentence }</p>
            if verdict.grade != Grade::NotApplicable {
                { scale(verdict) }
                <p class="hint">
                    { &verdict.measure }{ ": " }{ &verdict.explanation }
                    { if verdict.higher_is_better { " More is better." } else { " Less is better." } }
                </p>
            }
        </>
    }
}

fn more(measures: &LatentMeasures, lab: &Lab, is_measuring: bool, controller: &Rc<Controller>) -> Html {
    let is_open = lab.exploration.has_more;
    let onclick = on(controller, Controller::show_more).reform(move |_: MouseEvent| !is_open);
    html! {
        <>
            <button type="button" class="button quiet" aria-expanded={is_open.to_string()} {onclick}>
                { if is_open { "Fewer measures" } else { "More measures" } }
            </button>
            if is_open {
                if !measures.more.is_empty() {
                    { table(measures) }
                } else if is_measuring || lab.exploration.wanted.is_some() {
                    <p class="hint">{ "Measuring …" }</p>
                }
            }
        </>
    }
}

/// Table of all measures, in groups.
fn table(measures: &LatentMeasures) -> Html {
    let columns = column_names(&measures.more);
    let groups = groups(&measures.more);
    html! {
        <div class="table-scroll latent-measures" role="region" aria-label="All measures" tabindex="0">
            <table class="cells" aria-label="Measures">
                <thead><tr>
                    <th scope="col">{ "Measure" }</th>
                    { for columns.iter().map(|name| html! { <th scope="col">{ *name }</th> }) }
                </tr></thead>
                { for groups.into_iter().map(|(name, rows)| html! {
                    <tbody>
                        <tr><th scope="rowgroup" colspan={(columns.len() + 1).to_string()}>{ name }</th></tr>
                        { for rows.into_iter().map(|measure| row(measure, &columns)) }
                    </tbody>
                }) }
            </table>
        </div>
    }
}

fn row(measure: &LatentMeasure, columns: &[&str]) -> Html {
    let value = |name: &&str| {
        let candidate = measure.candidates.iter().find(|candidate| candidate.name == *name);
        candidate.map_or_else(String::new, |candidate| figure(candidate.value))
    };
    html! {
        <tr>
            <th scope="row">{ &measure.name }</th>
            { for columns.iter().map(|name| html! { <td class="figure">{ value(name) }</td> }) }
        </tr>
    }
}

/// Names of all candidates, in the order in which they first appear.
fn column_names(measures: &[LatentMeasure]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for candidate in measures.iter().flat_map(|measure| &measure.candidates) {
        if !names.contains(&candidate.name.as_str()) {
            names.push(&candidate.name);
        }
    }
    names
}

/// Measures by their group, groups in the order in which they first appear.
fn groups(measures: &[LatentMeasure]) -> Vec<(&str, Vec<&LatentMeasure>)> {
    let mut groups: Vec<(&str, Vec<&LatentMeasure>)> = Vec::new();
    for measure in measures {
        match groups.iter_mut().find(|(name, _)| *name == measure.group) {
            Some((_, rows)) => rows.push(measure),
            None => groups.push((&measure.group, vec![measure])),
        }
    }
    groups
}

#[cfg(test)]
pub mod tests {
    use pinhole_protocol::latent::Candidate;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    pub fn candidates(values: &[(&str, f64)]) -> Vec<Candidate> {
        values.iter().map(|(name, value)| Candidate { name: (*name).into(), value: Some(*value) }).collect()
    }

    pub fn verdict(grade: Grade, higher_is_better: bool, values: &[(&str, f64)]) -> Verdict {
        Verdict {
            question: Question::Group,
            grade,
            sentence: String::new(),
            measure: "Silhouette".into(),
            explanation: String::new(),
            higher_is_better,
            candidates: candidates(values),
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_poor_grade_names_what_is_better() {
        let values = [("This code", 0.3), ("PCA, 2 numbers", 0.2), ("Raw pictures", 0.5)];
        assert_eq!(grade_text(&verdict(Grade::Poor, true, &values)), "behind raw pictures");
        assert_eq!(grade_text(&verdict(Grade::Poor, false, &values)), "behind PCA, 2 numbers");
        assert_eq!(grade_text(&verdict(Grade::Poor, true, &values[..2])), "poor");
        assert_eq!(grade_text(&verdict(Grade::Good, true, &values)), "good");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn measures_stand_in_groups() {
        let measure = |group: &str, name: &str, values| LatentMeasure {
            group: group.into(),
            name: name.into(),
            candidates: candidates(values),
        };
        let measures = [
            measure("Labels", "Silhouette", &[("This code", 0.3)]),
            measure("Reconstruction", "MAE", &[("This code", 0.1), ("PCA", 0.2)]),
            measure("Labels", "F1 of 3", &[("This code", 0.9), ("Raw", 0.8)]),
        ];
        assert_eq!(column_names(&measures), ["This code", "PCA", "Raw"]);
        let sizes: Vec<(&str, usize)> = groups(&measures).into_iter().map(|(name, rows)| (name, rows.len())).collect();
        assert_eq!(sizes, [("Labels", 2), ("Reconstruction", 1)]);
    }
}
