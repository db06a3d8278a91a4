//! Stations of the pipeline from left to right: the clean picture, the corrupted one if there is a corruption, encoder,
//! code and decoder, the output, and the ready-made model's output while it is better.

use std::rc::Rc;

use pinhole_protocol::{DenoisedPicture, Noise, Quality};
use yew::prelude::*;

use super::{
    code_figure::CodeFigure,
    comparison,
    hourglass::Hourglass,
    noise, pad,
    pipeline::{PipelineAction, ShownModel},
    task::PictureNames,
};
use crate::{
    components::{
        format::{fixed, grouped},
        picture,
    },
    glossary::{LinkedTerm, glossary_link},
    labs::digits::{controller::Controller, state::Lab},
};

/// Renders the stations.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let pipeline = &lab.pipeline;
    let noise_kind = pipeline.seeded_corruption.corruption.noise;
    let PictureNames { clean, corrupted, output } = pipeline.task.names(noise_kind);
    // Also at level 0, so that the pictures stay where they are while the level is chosen.
    let is_corrupted = noise_kind != Noise::None;
    let class = classes!(
        "stations",
        pipeline.clean().is_none().then_some("blank"),
        is_corrupted.then_some("is-corrupted"),
        // Also while one's own output is the better one: the pad must not change its size under a pen.
        pipeline.reference_quality().map(|_| "is-compared"),
    );
    let inputs = format!("{} numbers", grouped(lab.active_input().len()));
    html! {
        <div {class}>
            <figure class="station clean">
                { pad::pad(lab, controller, clean) }
                <figcaption><span class="caption">{ clean }</span><span class="quality">{ inputs }</span></figcaption>
            </figure>
            <div class="controls" hidden={lab.view.is_building()}>
                { pad::tools(lab, controller) }
                { noise::view(lab, controller) }
            </div>
            <figure class="station corrupted" hidden={!is_corrupted}>
                { picture::view(&controller.canvases.noisy, corrupted) }
                <figcaption>
                    <span class="caption">{ corrupted }</span>
                    { quality_text("psnr-noisy", "ssim-noisy", pipeline.comparison().map(|comparison| comparison.noisy_quality)) }
                </figcaption>
            </figure>
            { network(lab, controller) }
            { output_station(lab, controller, output) }
            { comparison::beside(lab, controller) }
        </div>
    }
}

/// Renders encoder, code and decoder: of the experiment while it is changed, else of the active model.
fn network(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let of_experiment = || lab.experiment.network.plan().ok();
    let hourglass = match lab.active_plan() {
        Some(plan) if !lab.view.is_building() => Some(Hourglass::new(plan)),
        _ => of_experiment().as_ref().map(Hourglass::new),
    };
    html! {
        <div class="hourglass">
            { hourglass.as_ref().map(Hourglass::encoder) }
            { code(lab, controller, hourglass.as_ref().map(Hourglass::skips_caption).unwrap_or_default()) }
            { hourglass.as_ref().map(Hourglass::skips_over_code) }
            { hourglass.as_ref().map(Hourglass::decoder) }
        </div>
    }
}

/// Renders the code, or an empty place for it, with the caption of the skip connections below.
fn code(lab: &Lab, controller: &Rc<Controller>, skips_caption: Html) -> Html {
    let on_edit = {
        let controller = controller.clone();
        Callback::from(move |edit| controller.act(PipelineAction::EditCode(edit)))
    };
    let Some(shown) = &lab.pipeline.code else { return html! { <div class="code">{ skips_caption }</div> } };
    CodeFigure {
        code: &shown.code,
        range: shown.range,
        selected: shown.selected,
        is_edited: shown.is_edited,
        inputs: lab.active_input().len(),
        canvas: &controller.canvases.code,
        skips_caption,
        on_edit,
    }
    .view()
}

fn output_station(lab: &Lab, controller: &Rc<Controller>, name: &'static str) -> Html {
    let pipeline = &lab.pipeline;
    let about = match (pipeline.epochs.chosen(), pipeline.shown_model()) {
        (Some(chosen), _) => format!("after epoch {}", chosen.epoch),
        (None, ShownModel::ReadyMade) => "of the ready-made model".to_owned(),
        (None, ShownModel::Yours) => String::new(),
    };
    html! {
        <figure class="station output">
            { picture::view(&controller.canvases.output, name) }
            <figcaption>
                <span class="caption">{ name }{ " " }<span class="quality">{ about }</span></span>
                { quality_text("psnr-denoised", "ssim-denoised", pipeline.output().and_then(|output| output.quality)) }
                { pipeline.shown_answer().map(task_figures) }
            </figcaption>
        </figure>
    }
}

/// Renders the figures of single tasks: the error where something was hidden, and the class that a classifier sees.
fn task_figures(answer: &DenoisedPicture) -> Html {
    let classes = answer.class_probabilities.0.iter().enumerate();
    let class = classes.max_by(|(_, one), (_, other)| one.total_cmp(other));
    html! {
        <>
            if let Some(mse) = answer.hidden_mse {
                <span class="quality">{ "Error where hidden " }<span class="figure">{ fixed(mse, 4) }</span></span>
            }
            if let Some((class, probability)) = class {
                <span class="quality">
                    <span>{ "Class " }<span class="figure">{ class }</span></span>
                    <abbr title="Confidence: the probability that the classifier gives this class">
                        { format!("{} % sure", fixed(100.0 * f64::from(*probability), 0)) }
                    </abbr>
                </span>
            }
        </>
    }
}

fn quality_text(psnr_id: &'static str, ssim_id: &'static str, quality: Option<Quality>) -> Html {
    let (psnr, ssim) = quality.map_or_else(
        || ("–".to_owned(), "–".to_owned()),
        |quality| (format!("{} dB", fixed(quality.psnr_db, 1)), fixed(quality.ssim, 3)),
    );
    html! {
        <span class="quality">
            <span>
                { glossary_link(LinkedTerm::Psnr, "PSNR") }{ " " }
                <span class="figure" data-testid={psnr_id}>{ psnr }</span>
            </span>
            <span>
                { glossary_link(LinkedTerm::Ssim, "SSIM") }{ " " }
                <span class="figure" data-testid={ssim_id}>{ ssim }</span>
            </span>
        </span>
    }
}
