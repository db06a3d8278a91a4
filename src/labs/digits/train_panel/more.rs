//! The settings that most runs leave alone.

use pinhole_protocol::{
    Activation, BottleneckSpec, EarlyStopping, EncoderSpec, Experiment, LearningRateSchedule, ReconstructionLoss,
};
use yew::prelude::*;

use super::editor::{Editor, exact};
use crate::parts::field::{Choice, NumberField, WidthsField};

#[derive(Properties, PartialEq)]
pub struct MoreSettingsProps {
    pub editor: Editor,
}

/// All of them, folded away.
#[component]
pub fn MoreSettings(props: &MoreSettingsProps) -> Html {
    let editor = &props.editor;
    html! {
        <details class="more">
            <summary>{ "More" }</summary>
            { layers(editor) }
            { objective(editor) }
            { pace(editor) }
            { stopping(editor) }
        </details>
    }
}

fn activations() -> Vec<(AttrValue, AttrValue)> {
    Activation::ALL.into_iter().map(|activation| (activation.label().into(), activation.label().into())).collect()
}

fn layers(editor: &Editor) -> Html {
    let network = &editor.experiment.network;
    let (label, widths) = match &network.encoder {
        EncoderSpec::Dense { widths } => ("Hidden widths", widths),
        EncoderSpec::Conv { channels } => ("Channels", channels),
    };
    let on_widths = editor.on(|experiment, new: Vec<usize>| match &mut experiment.network.encoder {
        EncoderSpec::Dense { widths } => *widths = new,
        EncoderSpec::Conv { channels } => *channels = new,
    });
    let code = match network.bottleneck {
        BottleneckSpec::Dense { activation, .. } => Some(activation),
        BottleneckSpec::Direct => None,
    };
    let on_code = editor.on(|experiment, index: usize| {
        if let BottleneckSpec::Dense { activation, .. } = &mut experiment.network.bottleneck {
            *activation = Activation::ALL[index];
        }
    });
    html! {
        <>
            <WidthsField {label} widths={widths.clone()} on_change={on_widths} />
            <div class="pair">
                <Choice label="Activation" options={activations()} selected={network.activation.label()}
                    on_change={editor.on(|experiment, index: usize| experiment.network.activation = Activation::ALL[index])} />
                <Choice label="Output activation" options={activations()} selected={network.output_activation.label()}
                    on_change={editor.on(|experiment, index: usize| experiment.network.output_activation = Activation::ALL[index])} />
            </div>
            if let Some(code) = code {
                <Choice label="Code activation" options={activations()} selected={code.label()} on_change={on_code} />
            }
        </>
    }
}

fn objective(editor: &Editor) -> Html {
    const LOSSES: [ReconstructionLoss; 2] = [ReconstructionLoss::Mse, ReconstructionLoss::BinaryCrossEntropy];
    let is_mse = editor.experiment.objective.loss == ReconstructionLoss::Mse;
    let options = vec![
        ("mse".into(), "Mean squared error".into()),
        ("binary-cross-entropy".into(), "Binary cross-entropy".into()),
    ];
    html! {
        <Choice label="Loss" {options} selected={if is_mse { "mse" } else { "binary-cross-entropy" }}
            error={editor.error_of("objective.loss")}
            on_change={editor.on(|experiment, index: usize| experiment.objective.loss = LOSSES[index])} />
    }
}

fn pace(editor: &Editor) -> Html {
    const SCHEDULES: [LearningRateSchedule; 3] = [
        LearningRateSchedule::Constant,
        LearningRateSchedule::Cosine,
        LearningRateSchedule::Step { every_epochs: 2, factor: 0.5 },
    ];
    let schedule = &editor.experiment.schedule;
    let options = [("constant", "Constant"), ("cosine", "Cosine to 0"), ("step", "Steps")]
        .map(|(slug, title)| (slug.into(), title.into()));
    let (slug, steps) = match schedule.learning_rate_schedule {
        LearningRateSchedule::Constant => ("constant", None),
        LearningRateSchedule::Cosine => ("cosine", None),
        LearningRateSchedule::Step { every_epochs, factor } => ("step", Some((every_epochs, factor))),
    };
    html! {
        <>
            <Choice label="Schedule" options={options.to_vec()} selected={slug} error={editor.error_of("schedule.learning_rate_schedule")}
                on_change={editor.on(|experiment, index: usize| experiment.schedule.learning_rate_schedule = SCHEDULES[index])} />
            if let Some((every_epochs, factor)) = steps {
                <div class="pair">
                    <NumberField label="Epochs a step" value={Some(every_epochs as f64)} step="1"
                        on_change={editor.on_count(|experiment, every| set_step(experiment, Some(every), None))} />
                    <NumberField label="Factor a step" value={Some(exact(factor))}
                        on_change={editor.on(|experiment, factor: f64| set_step(experiment, None, Some(factor as f32)))} />
                </div>
            }
            <div class="pair">
                <NumberField label="Weight decay" value={Some(exact(schedule.weight_decay))} error={editor.error_of("schedule.weight_decay")}
                    on_change={editor.on(|experiment, decay: f64| experiment.schedule.weight_decay = decay as f32)} />
                <NumberField label="Clip norm" value={schedule.gradient_clip_norm.map(exact)} placeholder="not clipped"
                    error={editor.error_of("schedule.gradient_clip_norm")}
                    on_change={editor.on(|experiment, norm: f64| experiment.schedule.gradient_clip_norm = (norm != 0.0).then_some(norm as f32))} />
            </div>
        </>
    }
}

fn set_step(experiment: &mut Experiment, new_every: Option<usize>, new_factor: Option<f32>) {
    if let LearningRateSchedule::Step { every_epochs, factor } = &mut experiment.schedule.learning_rate_schedule {
        *every_epochs = new_every.unwrap_or(*every_epochs);
        *factor = new_factor.unwrap_or(*factor);
    }
}

fn stopping(editor: &Editor) -> Html {
    let Experiment { schedule, data, seed, .. } = &*editor.experiment;
    let patience = schedule.early_stopping.map(|stopping| stopping.patience_epochs as f64);
    html! {
        <>
            <div class="pair">
                <NumberField label="Validation share" value={Some(exact(schedule.validation_share))} error={editor.error_of("schedule.validation_share")}
                    on_change={editor.on(|experiment, share: f64| experiment.schedule.validation_share = share as f32)} />
                <NumberField label="Patience" value={patience} step="1" placeholder="never" error={editor.error_of("schedule.early_stopping")}
                    on_change={editor.on_count(|experiment, patience_epochs| {
                        experiment.schedule.early_stopping = (patience_epochs > 0).then_some(EarlyStopping { patience_epochs });
                    })} />
            </div>
            <div class="pair">
                <NumberField label="Seed" value={Some(*seed as f64)} step="1"
                    on_change={editor.on(|experiment, seed: f64| experiment.seed = seed as u64)} />
                <NumberField label="Image limit" value={data.limit.map(|limit| limit as f64)} step="1" placeholder="all" error={editor.error_of("data.limit")}
                    on_change={editor.on_count(|experiment, limit| experiment.data.limit = Some(limit))} />
            </div>
        </>
    }
}
