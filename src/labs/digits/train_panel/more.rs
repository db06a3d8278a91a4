//! The settings that most runs leave alone.

use pinhole_protocol::{
    Activation, BottleneckSpec, EarlyStopping, EncoderSpec, Experiment, LearningRateSchedule, ReconstructionLoss,
};
use yew::prelude::*;

use super::editor::Editor;
use crate::parts::{
    field::{Choice, NumberField, options, widths_field},
    figures::shortest,
};

/// All of them, folded away.
pub fn view(editor: &Editor) -> Html {
    html! {
        <details class="more">
            <summary>{ "More" }</summary>
            { layers(editor) }
            { objective(editor) }
            { schedule(editor) }
            { regularisation(editor) }
            { stopping(editor) }
        </details>
    }
}

fn activation_menu(
    editor: &Editor,
    label: &'static str,
    now: Activation,
    set: fn(&mut Experiment, Activation),
) -> Html {
    let options = Activation::ALL.map(|activation| (activation.label().into(), activation.label().into())).into();
    let on_change = editor.on(move |experiment, index: usize| set(experiment, Activation::ALL[index]));
    Choice { label, options, selected: now.label(), error: None, on_change }.view()
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
        BottleneckSpec::Dense { activation, .. } => activation_menu(editor, "Code activation", activation, set_code),
        BottleneckSpec::Direct => Html::default(),
    };
    html! {
        <>
            { widths_field(label, widths, on_widths) }
            <div class="pair">
                { activation_menu(editor, "Activation", network.activation, |experiment, new| experiment.network.activation = new) }
                { activation_menu(editor, "Output activation", network.output_activation, |experiment, new| experiment.network.output_activation = new) }
            </div>
            { code }
        </>
    }
}

fn set_code(experiment: &mut Experiment, new: Activation) {
    if let BottleneckSpec::Dense { activation, .. } = &mut experiment.network.bottleneck {
        *activation = new;
    }
}

fn objective(editor: &Editor) -> Html {
    const LOSSES: [ReconstructionLoss; 2] = [ReconstructionLoss::Mse, ReconstructionLoss::BinaryCrossEntropy];
    let selected = match editor.experiment.objective.loss {
        ReconstructionLoss::Mse => "mse",
        ReconstructionLoss::BinaryCrossEntropy => "binary-cross-entropy",
    };
    let options = options([("mse", "Mean squared error"), ("binary-cross-entropy", "Binary cross-entropy")]);
    let on_change = editor.on(|experiment, index: usize| experiment.objective.loss = LOSSES[index]);
    Choice { label: "Loss", options, selected, error: editor.error_of("objective.loss"), on_change }.view()
}

fn schedule(editor: &Editor) -> Html {
    const SCHEDULES: [LearningRateSchedule; 3] = [
        LearningRateSchedule::Constant,
        LearningRateSchedule::Cosine,
        LearningRateSchedule::Step { every_epochs: 2, factor: 0.5 },
    ];
    let options = options([("constant", "Constant"), ("cosine", "Cosine to 0"), ("step", "Steps")]);
    let (selected, steps) = match editor.experiment.schedule.learning_rate_schedule {
        LearningRateSchedule::Constant => ("constant", None),
        LearningRateSchedule::Cosine => ("cosine", None),
        LearningRateSchedule::Step { every_epochs, factor } => ("step", Some((every_epochs, factor))),
    };
    let on_change = editor.on(|experiment, index: usize| experiment.schedule.learning_rate_schedule = SCHEDULES[index]);
    let error = editor.error_of("schedule.learning_rate_schedule");
    let on_every = editor.on_count(|experiment, every| set_step(experiment, Some(every), None));
    let on_factor = editor.on(|experiment, factor: f64| set_step(experiment, None, Some(factor as f32)));
    html! {
        <>
            { Choice { label: "Schedule", options, selected, error, on_change }.view() }
            if let Some((every_epochs, factor)) = steps {
                <div class="pair">
                    { NumberField::new("Epochs a step", Some(every_epochs), on_every).whole().view() }
                    { NumberField::new("Factor a step", Some(shortest(factor)), on_factor).view() }
                </div>
            }
        </>
    }
}

fn set_step(experiment: &mut Experiment, new_every: Option<usize>, new_factor: Option<f32>) {
    if let LearningRateSchedule::Step { every_epochs, factor } = &mut experiment.schedule.learning_rate_schedule {
        *every_epochs = new_every.unwrap_or(*every_epochs);
        *factor = new_factor.unwrap_or(*factor);
    }
}

fn regularisation(editor: &Editor) -> Html {
    let schedule = &editor.experiment.schedule;
    let on_decay = editor.on(|experiment, decay: f64| experiment.schedule.weight_decay = decay as f32);
    let on_clip = editor.on(|experiment, norm: f64| {
        experiment.schedule.gradient_clip_norm = (norm != 0.0).then_some(norm as f32);
    });
    html! {
        <div class="pair">
            { NumberField::new("Weight decay", Some(shortest(schedule.weight_decay)), on_decay)
                .error(editor.error_of("schedule.weight_decay")).view() }
            { NumberField::new("Clip norm", schedule.gradient_clip_norm.map(shortest), on_clip).placeholder("not clipped")
                .error(editor.error_of("schedule.gradient_clip_norm")).view() }
        </div>
    }
}

fn stopping(editor: &Editor) -> Html {
    let Experiment { schedule, data, seed, .. } = &*editor.experiment;
    let patience = schedule.early_stopping.map(|stopping| stopping.patience_epochs);
    let on_share = editor.on(|experiment, share: f64| experiment.schedule.validation_share = share as f32);
    let on_patience = editor.on_count(|experiment, patience_epochs| {
        experiment.schedule.early_stopping = (patience_epochs > 0).then_some(EarlyStopping { patience_epochs });
    });
    let on_seed = editor.on(|experiment, seed: f64| experiment.seed = seed as u64);
    let on_limit = editor.on_count(|experiment, limit| experiment.data.limit = Some(limit));
    html! {
        <>
            <div class="pair">
                { NumberField::new("Validation share", Some(shortest(schedule.validation_share)), on_share)
                    .error(editor.error_of("schedule.validation_share")).view() }
                { NumberField::new("Patience", patience, on_patience).whole().placeholder("never")
                    .error(editor.error_of("schedule.early_stopping")).view() }
            </div>
            <div class="pair">
                { NumberField::new("Seed", Some(*seed), on_seed).whole().view() }
                { NumberField::new("Image limit", data.limit, on_limit).whole().placeholder("all")
                    .error(editor.error_of("data.limit")).view() }
            </div>
        </>
    }
}
