//! How training proceeds: the usual settings in sight, the others folded away.

use pinhole_protocol::{EarlyStopping, Experiment, LearningRateSchedule, Optimiser};
use yew::prelude::*;

use super::editor::{Editor, Number, count, place_of, real};
use crate::components::{
    field::{NumberField, Slider, field_error},
    figures::{fixed, shortest},
};

/// A number that is 0 where there is none of it.
macro_rules! optional {
    ($label:literal, $field:ident, $empty:literal) => {
        Number {
            label: $label,
            field: concat!("schedule.", stringify!($field)),
            read: |experiment| experiment.schedule.$field.map(f64::from),
            write: |experiment, value| experiment.schedule.$field = (value != 0.0).then_some(value as f32),
            empty: $empty,
            is_whole: false,
        }
    };
}

/// A number of a part of the schedule, which is said to be wrong as a whole.
macro_rules! inner {
    ($label:literal, $part:ident.$field:ident) => {
        Number {
            label: $label,
            field: "",
            read: |experiment| Some(experiment.schedule.$part.$field.into()),
            write: |experiment, value| experiment.schedule.$part.$field = value as f32,
            empty: "",
            is_whole: false,
        }
    };
}

/// Length and pace.
pub fn pace(editor: &Editor) -> Html {
    const LENGTH: [Number; 2] = [count!("Epochs", schedule.epochs), count!("Batch size", schedule.batch_size)];
    let rate = editor.experiment.schedule.learning_rate;
    let on_slide = editor.on(|experiment, power: f64| experiment.schedule.learning_rate = round_power(power));
    let on_rate = editor.on(|experiment, rate: f64| experiment.schedule.learning_rate = rate as f32);
    html! {
        <>
            { editor.numbers(&LENGTH) }
            <div class="pair wide-left">
                { Slider {
                    label: "Learning rate",
                    min: "-5",
                    max: "1",
                    step: "0.1",
                    value: fixed(rate.max(1e-6).log10(), 1),
                    text: shortest(rate),
                    disabled: false,
                    on_change: on_slide,
                }.view() }
                { NumberField::new("Value", Some(shortest(rate)), on_rate).name("Learning rate value").error(editor.error_of("schedule.learning_rate")).view() }
            </div>
        </>
    }
}

/// Ten to that power, in two digits: the slider moves by tenths of a power.
fn round_power(power: f64) -> f32 {
    let tens = 10_f64.powi(power.floor() as i32 - 1);
    let digits = ((power - power.floor()) * std::f64::consts::LN_10).exp() * 10.0;
    (digits.round() * tens) as f32
}

/// What most runs leave alone.
pub fn more(editor: &Editor) -> Html {
    html! {
        <details class="more">
            <summary>{ "More" }</summary>
            { group("Optimiser and its rate", html! { <>{ steps(editor) }{ rate(editor) }</> }) }
            { group("Gradients and weights", gradients(editor)) }
            { group("More of few pictures", augmentation(editor)) }
            { group("Chance, and when to stop", stopping(editor)) }
        </details>
    }
}

fn group(title: &'static str, fields: Html) -> Html {
    html! {
        <div class="settings" role="group" aria-label={title}>
            <p class="eyebrow">{ title }</p>
            { fields }
        </div>
    }
}

/// The optimiser and its numbers.
fn steps(editor: &Editor) -> Html {
    const MOMENTUM: Number = Number {
        label: "Momentum",
        field: "",
        read: |experiment| match experiment.schedule.optimiser {
            Optimiser::Sgd { momentum } => Some(momentum.into()),
            _ => None,
        },
        write: |experiment, value| experiment.schedule.optimiser = Optimiser::Sgd { momentum: value as f32 },
        empty: "",
        is_whole: false,
    };
    const DECAY: Number = real!("Weight decay", schedule.weight_decay);
    let now = editor.experiment.schedule.optimiser;
    let titles = Optimiser::ALL.map(Optimiser::label);
    html! {
        <div class="pair">
            { editor.menu("Optimiser", "schedule.optimiser", titles, place_of(titles, now.label()),
                |experiment, index| experiment.schedule.optimiser = Optimiser::ALL[index]) }
            if matches!(now, Optimiser::Sgd { .. }) {
                { editor.number(&MOMENTUM) }
            }
            { editor.number(&DECAY) }
        </div>
    }
}

/// How the learning rate moves, and where it applies.
fn rate(editor: &Editor) -> Html {
    const WARM_UP: Number = real!("Warm-up share", schedule.warm_up_share);
    const PARTS: [Number; 2] =
        [inner!("Encoder rate factor", part_rates.encoder), inner!("Decoder rate factor", part_rates.decoder)];
    let now = editor.experiment.schedule.learning_rate_schedule;
    let titles = LearningRateSchedule::ALL.map(LearningRateSchedule::label);
    html! {
        <>
            <div class="pair">
                { editor.menu("Schedule", "schedule.learning_rate_schedule", titles, place_of(titles, now.label()),
                    |experiment, index| experiment.schedule.learning_rate_schedule = LearningRateSchedule::ALL[index]) }
                { for rate_numbers(now).iter().map(|number| editor.number(number)) }
                { editor.number(&WARM_UP) }
            </div>
            { editor.numbers(&PARTS) }
            { field_error(editor.error_of("schedule.part_rates").as_ref()) }
            <p class="hint">{ "A factor of 0 freezes that half; the encoder's goes for the bottleneck too." }</p>
        </>
    }
}

/// The numbers that a kind of schedule has: epochs first, then its factor.
fn rate_numbers(schedule: LearningRateSchedule) -> &'static [Number] {
    const fn epochs(label: &'static str) -> Number {
        Number {
            label,
            field: "",
            read: |experiment| {
                rate_epochs(&mut experiment.schedule.learning_rate_schedule.clone()).map(|epochs| *epochs as f64)
            },
            write: |experiment, value| {
                if let Some(epochs) = rate_epochs(&mut experiment.schedule.learning_rate_schedule) {
                    *epochs = value as usize;
                }
            },
            empty: "",
            is_whole: true,
        }
    }
    const fn factor(label: &'static str, is_whole: bool) -> Number {
        Number { label, field: "", read: read_factor, write: write_factor, empty: "", is_whole }
    }
    const RESTARTS: [Number; 2] = [epochs("Epochs of the first round"), factor("Factor a round", true)];
    const STEP: [Number; 2] = [epochs("Epochs a step"), factor("Factor a step", false)];
    const EXPONENTIAL: [Number; 1] = [factor("Factor an epoch", false)];
    const PLATEAU: [Number; 2] = [epochs("Epochs of patience"), factor("Factor a cut", false)];
    match schedule {
        LearningRateSchedule::Constant | LearningRateSchedule::Cosine => &[],
        LearningRateSchedule::CosineRestarts { .. } => &RESTARTS,
        LearningRateSchedule::Step { .. } => &STEP,
        LearningRateSchedule::Exponential { .. } => &EXPONENTIAL,
        LearningRateSchedule::Plateau { .. } => &PLATEAU,
    }
}

const fn rate_epochs(schedule: &mut LearningRateSchedule) -> Option<&mut usize> {
    match schedule {
        LearningRateSchedule::CosineRestarts { first_epochs: epochs, .. }
        | LearningRateSchedule::Step { every_epochs: epochs, .. }
        | LearningRateSchedule::Plateau { patience_epochs: epochs, .. } => Some(epochs),
        LearningRateSchedule::Constant | LearningRateSchedule::Cosine | LearningRateSchedule::Exponential { .. } => {
            None
        }
    }
}

fn read_factor(experiment: &Experiment) -> Option<f64> {
    match experiment.schedule.learning_rate_schedule {
        LearningRateSchedule::CosineRestarts { factor, .. } => Some(factor as f64),
        LearningRateSchedule::Step { factor, .. }
        | LearningRateSchedule::Exponential { factor }
        | LearningRateSchedule::Plateau { factor, .. } => Some(factor.into()),
        LearningRateSchedule::Constant | LearningRateSchedule::Cosine => None,
    }
}

fn write_factor(experiment: &mut Experiment, value: f64) {
    match &mut experiment.schedule.learning_rate_schedule {
        LearningRateSchedule::CosineRestarts { factor, .. } => *factor = value as usize,
        LearningRateSchedule::Step { factor, .. }
        | LearningRateSchedule::Exponential { factor }
        | LearningRateSchedule::Plateau { factor, .. } => *factor = value as f32,
        LearningRateSchedule::Constant | LearningRateSchedule::Cosine => {}
    }
}

/// What becomes of gradients and weights on the way.
fn gradients(editor: &Editor) -> Html {
    const NUMBERS: [Number; 4] = [
        optional!("Clip norm", gradient_clip_norm, "not clipped"),
        optional!("Clip value", gradient_clip_value, "not clipped"),
        count!("Batches a step", schedule.accumulated_batches),
        optional!("Moving average", moving_average, "none"),
    ];
    html! {
        <>
            { editor.numbers(&NUMBERS) }
            { editor.switch("Gradient checkpointing", "", editor.experiment.schedule.gradient_checkpointing,
                |experiment, is_on| experiment.schedule.gradient_checkpointing = is_on) }
        </>
    }
}

/// What is done to have more pictures.
fn augmentation(editor: &Editor) -> Html {
    const NUMBERS: [Number; 3] = [
        inner!("Shift (px)", augmentation.shift_px),
        inner!("Rotation (°)", augmentation.rotation_degrees),
        inner!("Elastic distortion (px)", augmentation.elastic_px),
    ];
    html! {
        <>
            { editor.numbers(&NUMBERS) }
            { field_error(editor.error_of("schedule.augmentation").as_ref()) }
        </>
    }
}

/// What is held out, when to stop, and what fixes chance.
fn stopping(editor: &Editor) -> Html {
    const NUMBERS: [Number; 4] = [
        real!("Validation share", schedule.validation_share),
        Number {
            label: "Patience",
            field: "schedule.early_stopping",
            read: |experiment| experiment.schedule.early_stopping.map(|stopping| stopping.patience_epochs as f64),
            write: |experiment, value| {
                let patience_epochs = value as usize;
                experiment.schedule.early_stopping = (patience_epochs > 0).then_some(EarlyStopping { patience_epochs });
            },
            empty: "never",
            is_whole: true,
        },
        Number {
            label: "Seed",
            field: "seed",
            read: |experiment| Some(experiment.seed as f64),
            write: |experiment, value| experiment.seed = value as u64,
            empty: "",
            is_whole: true,
        },
        Number {
            label: "Image limit",
            field: "data.limit",
            read: |experiment| experiment.data.limit.map(|limit| limit as f64),
            write: |experiment, value| experiment.data.limit = (value != 0.0).then_some(value as usize),
            empty: "all",
            is_whole: true,
        },
    ];
    editor.numbers(&NUMBERS)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_slider_gives_round_rates() {
        let rates = [-3.0, -2.7, -5.0, 0.0, 1.0].map(|power| shortest(round_power(power)));
        assert_eq!(rates, ["0.001", "0.002", "0.00001", "1", "10"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn every_number_of_every_schedule_can_be_read_and_written() {
        for kind in LearningRateSchedule::ALL {
            let mut experiment = Experiment::default();
            experiment.schedule.learning_rate_schedule = kind;
            for number in rate_numbers(kind) {
                (number.write)(&mut experiment, 1.0);
                assert_eq!((number.read)(&experiment), Some(1.0), "{} of {}", number.label, kind.label());
            }
            assert_eq!(experiment.schedule.learning_rate_schedule.label(), kind.label());
        }
    }
}
