//! New samples: drawn from the prior or from a mixture fitted to the codes, judged, downloaded, and trained with.

use std::rc::Rc;

use pinhole_protocol::{
    Bytes,
    latent::{AugmentationEffect, CodePrior, DecodedContent, DrawnSamples, SampleValues, SamplingQuality},
};
use yew::prelude::*;

use super::{
    controller::{Controller, on},
    pictures::{PaintedCanvas, Painting, column_names, rows_table},
    sample::text::number,
    state::{DrawSettings, ExploreAction, JobKind, Lab, MAX_DRAWN},
};
use crate::{
    components::{
        field::{Choice, options},
        format::{brief, grouped},
        number_field::{NumberField, NumberRange},
    },
    glossary::{LinkedTerm, glossary_link},
};

/// Most samples that are shown; all are in the file.
const MAX_SHOWN: usize = 120;

/// Pictures per row.
const COLUMNS: usize = 10;

/// Ratio of distances up to which drawn samples are as near to real ones as real ones are to each other.
const NEAR: f64 = 1.25;

/// Priors in the order of their menu.
const PRIORS: [CodePrior; 2] = [CodePrior::Prior, CodePrior::Mixture];

/// Renders the settings and the button "Sample", for the panel.
pub fn settings(lab: &Lab, controller: &Rc<Controller>) -> Html {
    if lab.vectors.is_none() || lab.decoding_obstacle().is_some() {
        return Html::default();
    }
    let draw = lab.exploration.draw;
    let is_busy = lab.job.is_some();
    let on_count = on(controller, |controller, count: f64| {
        let draw = controller.lab().exploration.draw;
        controller.explore(ExploreAction::SetDraw(DrawSettings { count: count as usize, ..draw }));
    });
    let on_draw = on(controller, |controller, _: MouseEvent| controller.draw(controller.lab().exploration.draw));
    html! {
        <section class="latent-part" aria-labelledby="latent-sampling">
            <h2 id="latent-sampling">{ "New samples" }</h2>
            if lab.vectors.as_ref().is_some_and(|vectors| vectors.has_prior) {
                { prior_menu(draw.prior, controller) }
            } else {
                <p class="hint">{ "Training pulled these codes to no prior: new ones are drawn from a mixture of Gaussians that is fitted to them." }</p>
            }
            { NumberField::new("Count", Some(draw.count), NumberRange::whole(1, MAX_DRAWN), on_count).view() }
            <div class="row">
                <button type="button" class="button" onclick={on_draw} disabled={is_busy}>{ "Sample" }</button>
                if lab.answers.drawn().is_some() {
                    { actions(lab, is_busy, controller) }
                }
            </div>
            if lab.job.as_ref().is_some_and(|job| job.kind != JobKind::Drawing) {
                <p class="hint">{ "The job in progress comes first." }</p>
            }
        </section>
    }
}

/// Menu of the distributions of codes.
fn prior_menu(prior: CodePrior, controller: &Rc<Controller>) -> Html {
    let on_prior = on(controller, |controller, index: usize| {
        let draw = controller.lab().exploration.draw;
        controller.explore(ExploreAction::SetDraw(DrawSettings { prior: PRIORS[index], ..draw }));
    });
    Choice {
        label: "Draw codes from",
        name: "Draw codes from".into(),
        options: options([("prior", "The prior of its training"), ("mixture", "A Gaussian mixture of the codes")]),
        selected: PRIORS.iter().position(|known| *known == prior).unwrap_or_default(),
        error: None,
        on_change: on_prior,
    }
    .view()
}

fn actions(lab: &Lab, is_busy: bool, controller: &Rc<Controller>) -> Html {
    let on_seed = on(controller, |controller, _: MouseEvent| {
        let draw = controller.lab().exploration.draw;
        controller.draw(DrawSettings { seed: draw.seed + 1, ..draw });
    });
    let on_export = on(controller, |controller, _: MouseEvent| controller.export_drawn());
    let on_augment = on(controller, |controller, _: MouseEvent| controller.augment());
    let has_labels = lab.columns().any(|column| matches!(column.values, SampleValues::Categories { .. }));
    html! {
        <>
            <button type="button" class="button quiet" onclick={on_seed} disabled={is_busy} aria-label="Another seed for the samples">{ "Another seed" }</button>
            <button type="button" class="button quiet" onclick={on_export} disabled={is_busy}>{ "Download samples" }</button>
            <button type="button" class="button quiet" onclick={on_augment} disabled={is_busy || !has_labels}
                title="Trains a classifier or a detector with the drawn samples and without, and compares them">{ "Train with them" }</button>
            if !has_labels {
                <span class="hint">{ "Training with them needs labels." }</span>
            }
        </>
    }
}

/// Renders the drawn samples and what they are worth; nothing before any were drawn.
pub fn view(lab: &Lab) -> Html {
    let Some(drawn) = lab.answers.drawn() else { return Html::default() };
    html! {
        <section class="latent-part" aria-labelledby="latent-drawn">
            <h2 id="latent-drawn">{ "Drawn samples" }</h2>
            <p class="hint">
                { origin(drawn, lab.exploration.draw.seed) }
                if drawn.components.is_some() {
                    { " In the glossary: " }{ glossary_link(LinkedTerm::GaussianMixture, "Gaussian mixture") }{ "." }
                }
            </p>
            if let Some(warning) = &drawn.warning {
                <p class="warning">{ warning }</p>
            }
            { samples(lab, drawn) }
            <p>{ quality_text(&drawn.quality) }</p>
            if let Some(effect) = &lab.augmentation {
                { effect_view(effect) }
            }
        </section>
    }
}

fn samples(lab: &Lab, drawn: &DrawnSamples) -> Html {
    let count = drawn.samples.count;
    let rest = (count > MAX_SHOWN).then(|| format!("{MAX_SHOWN} of {} are shown.", grouped(count)));
    let content = match &drawn.samples.content {
        DecodedContent::Rows { cells } => {
            let columns = lab.vectors.as_ref().map(|vectors| column_names(&vectors.decoding)).unwrap_or_default();
            rows_table("Drawn samples", columns, |index| (index + 1).to_string(), &cells[..cells.len().min(MAX_SHOWN)])
        }
        DecodedContent::Pictures { shape, pixels } => {
            let length = pixels.0.len().min(MAX_SHOWN * shape.len());
            let shown = DecodedContent::Pictures { shape: *shape, pixels: Bytes(pixels.0[..length].to_vec()) };
            html! { <div class="reel"><PaintedCanvas label="Drawn samples" painting={Painting::grid(&shown, COLUMNS)} /></div> }
        }
    };
    html! { <>{ content }if let Some(rest) = rest { <p class="hint">{ rest }</p> }</> }
}

/// Sentence on the distribution of the codes.
fn origin(drawn: &DrawnSamples, seed: u64) -> String {
    match drawn.components {
        Some(components) => {
            let components = if components == 1 { "one Gaussian".into() } else { format!("{components} Gaussians") };
            format!("Codes from a mixture of {components}, as many as BIC chose; seed {seed}.")
        }
        None => format!("Codes from the prior; seed {seed}."),
    }
}

/// Sentences on how like real samples the drawn ones are.
fn quality_text(quality: &SamplingQuality) -> String {
    let (distance, usual) = (f64::from(quality.distance_to_held_out), f64::from(quality.usual_distance));
    if distance.is_nan() {
        return "There are no real samples here to compare them with.".into();
    }
    let ratio = distance / usual;
    let nearness = if !ratio.is_finite() {
        format!("Their median distance to the nearest held-out sample is {}.", brief(distance))
    } else if ratio <= NEAR {
        format!(
            "They lie as near to held-out samples as those lie to each other: a median distance of {} beside {}.",
            brief(distance),
            brief(usual)
        )
    } else {
        format!(
            "They lie {} times as far from held-out samples as those lie from each other: a median distance of {} beside {}.",
            number(ratio, 1),
            brief(distance),
            brief(usual)
        )
    };
    let share = f64::from(quality.copied_share);
    let copies = if share.is_nan() {
        String::new()
    } else if share > 0.0 {
        format!("{} % are nearly copies of a training sample.", number((100.0 * share).max(0.1), 1))
    } else {
        "None is nearly a copy of a training sample.".into()
    };
    format!("{nearness} {copies}").trim_end().into()
}

fn effect_view(effect: &AugmentationEffect) -> Html {
    html! {
        <div role="status" data-testid="augmentation">
            <p class="look-for">{ &effect.sentence }</p>
            <p class="hint">
                { format!("{}: {} with {} real samples, {} with {} drawn ones added.", effect.figure, number(effect.without, 3),
                    grouped(effect.real), number(effect.with, 3), grouped(effect.drawn)) }
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn quality(distance: f32, copied_share: f32) -> String {
        quality_text(&SamplingQuality { distance_to_held_out: distance, usual_distance: 2.0, copied_share })
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn drawn_samples_are_judged_in_words() {
        assert_eq!(
            quality(2.1, 0.0),
            "They lie as near to held-out samples as those lie to each other: a median distance of 2.1 beside 2. \
             None is nearly a copy of a training sample."
        );
        assert_eq!(quality(f32::NAN, f32::NAN), "There are no real samples here to compare them with.");
        assert!(quality(2.0, f32::NAN).ends_with("of 2 beside 2."), "training samples are not known");
        let far = quality(5.0, 0.125);
        assert!(
            far.starts_with("They lie 2.5 times as far")
                && far.ends_with("12.5 % are nearly copies of a training sample."),
            "{far}"
        );
    }
}
