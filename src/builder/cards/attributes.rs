//! Properties of the samples that the code learns, on the bottleneck's card: the regression head, and the ties.

use pinhole_protocol::{Experiment, ImageSource, RegressionSpec, STROKE_ATTRIBUTES, Tie, TieTarget};
use yew::prelude::*;

use crate::{
    builder::{
        editor::{Editor, NumberSetting, real},
        focus::focus_soon,
    },
    components::{
        field::{Choice, field_error, switch},
        format::fixed,
        number_field::{NumberField, NumberRange},
    },
};

/// Number of classes of a new tie to the label: the ten digits.
const CLASSES: usize = 10;

const ADD_ID: &str = "add-tie";

/// Name of the target that stands for the label.
const LABEL: &str = "label";

/// Names of the attributes that the data have, and of `present`, which they may lack.
fn attribute_names(editor: &Editor, present: Option<&str>) -> Vec<AttrValue> {
    let mut names: Vec<AttrValue> = match editor.experiment.data.source {
        ImageSource::Strokes => STROKE_ATTRIBUTES.map(AttrValue::from).to_vec(),
        ImageSource::TableRows => editor
            .rows
            .iter()
            .flat_map(|rows| &rows.numeric_columns)
            .map(|name| AttrValue::from(name.clone()))
            .collect(),
        ImageSource::Digits8x8 | ImageSource::Opened => Vec::new(),
    };
    if let Some(present) = present.filter(|present| names.iter().all(|name| name != present)) {
        names.insert(0, present.to_owned().into());
    }
    names
}

/// Renders a menu of names; `on_change` receives the selected one.
fn name_menu(
    label: &'static str,
    name: AttrValue,
    names: Vec<AttrValue>,
    present: &str,
    on_change: &Callback<AttrValue>,
) -> Html {
    let selected = names.iter().position(|name| name == present).unwrap_or_default();
    let options = names.iter().map(|name| (name.clone(), name.clone())).collect();
    let on_change = on_change.reform(move |index: usize| names.get(index).cloned().unwrap_or_default());
    Choice { label, name, options, selected, error: None, on_change }.view()
}

/// Renders the switch and the settings of the regression head.
pub fn regression(editor: &Editor) -> Html {
    const WEIGHT: [NumberSetting; 1] = [real!("Regression weight", objective.regression, NumberRange::WEIGHT)];
    let head = editor.experiment.network.regression.as_ref();
    let on_attribute = editor.on(|experiment, attribute: AttrValue| {
        experiment.network.regression = Some(RegressionSpec { attribute: attribute.to_string() });
    });
    let first = attribute_names(editor, None).first().map_or_else(String::new, ToString::to_string);
    let on_switch = editor.on(move |experiment, is_on: bool| {
        experiment.network.regression = is_on.then(|| RegressionSpec { attribute: first.clone() });
    });
    html! {
        <>
            { switch("Regression head", head.is_some(), &on_switch) }
            { field_error(editor.setting_error("network.regression").as_ref()) }
            if let Some(RegressionSpec { attribute }) = head {
                <div class="pair">
                    { name_menu("Attribute", "Regression attribute".into(), attribute_names(editor, Some(attribute)), attribute, &on_attribute) }
                    { for WEIGHT.iter().map(|number| editor.number(number)) }
                </div>
                <p class="hint">{ "Learns to predict a number that is known of the samples from the code. A table's column that is predicted is no longer an input." }</p>
            }
        </>
    }
}

/// Renders the ties, their weight, and the button that adds one.
pub fn ties(editor: &Editor) -> Html {
    const WEIGHT: NumberSetting = real!("Tying weight", objective.tying, NumberRange::WEIGHT);
    let ties = &editor.experiment.objective.ties;
    let first = attribute_names(editor, None).first().map(ToString::to_string);
    let on_add = editor.on(move |experiment: &mut Experiment, _: MouseEvent| {
        let ties = &mut experiment.objective.ties;
        let latent = ties.iter().map(|tie| tie.latents().end).max().unwrap_or_default();
        ties.push(Tie {
            latent,
            target: first.clone().map_or(TieTarget::Label { classes: CLASSES }, TieTarget::Attribute),
        });
    });
    html! {
        <div class="penalties" role="group" aria-label="Ties">
            { for ties.iter().enumerate().map(|(index, tie)| row(editor, index, tie)) }
            { field_error(editor.setting_error("objective.ties").as_ref()) }
            if !ties.is_empty() {
                { editor.number(&WEIGHT) }
                <p class="hint">{ "A tied latent number learns to equal what is known of the samples: an attribute, in standard deviations, or with one number per class the label. Samples of which it is not known are only reconstructed." }</p>
            }
            <button id={ADD_ID} type="button" class="button small" onclick={on_add}>{ "Add a tie" }</button>
        </div>
    }
}

fn row(editor: &Editor, index: usize, tie: &Tie) -> Html {
    let number = index + 1;
    let whole = |label, word, value: usize, least, set: fn(&mut Tie, usize)| {
        let on_change = editor.on(move |experiment, value: f64| {
            if let Some(tie) = experiment.objective.ties.get_mut(index) {
                set(tie, value as usize);
            }
        });
        NumberField::new(label, Some(fixed(value as f64, 0)), NumberRange::whole_from(least), on_change)
            .name(format!("Tie {number} {word}"))
            .checked(None)
            .view()
    };
    let on_target = editor.on(move |experiment, name: AttrValue| {
        if let Some(tie) = experiment.objective.ties.get_mut(index) {
            tie.target = match &*name {
                LABEL => TieTarget::Label { classes: CLASSES },
                attribute => TieTarget::Attribute(attribute.to_owned()),
            };
        }
    });
    let remove = editor.on(move |experiment, ()| {
        if index < experiment.objective.ties.len() {
            experiment.objective.ties.remove(index);
        }
    });
    let on_remove = Callback::from(move |_: MouseEvent| {
        remove.emit(());
        focus_soon(vec![ADD_ID.into()]);
    });
    let mut names = vec![AttrValue::from(LABEL)];
    names.extend(attribute_names(editor, tie.attribute()));
    html! {
        <div class="penalty">
            { whole("Latent", "latent", tie.latent.saturating_add(1), 1, |tie, value| tie.latent = value.saturating_sub(1)) }
            { name_menu("Tied to", format!("Tie {number} target").into(), names, tie.attribute().unwrap_or(LABEL), &on_target) }
            if let TieTarget::Label { classes } = tie.target {
                { whole("Classes", "classes", classes, 2, |tie, classes| tie.target = TieTarget::Label { classes }) }
            }
            <button type="button" class="button small" aria-label={format!("Remove tie {number}")} onclick={on_remove}>{ "×" }</button>
        </div>
    }
}
