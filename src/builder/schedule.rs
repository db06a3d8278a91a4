//! Settings of training: the usual ones visible, the others folded away.

use pinhole_protocol::{EarlyStopping, Experiment, LIMITS, LearningRateSchedule, Optimiser};
use yew::prelude::*;

use super::editor::{Editor, NumberSetting, count, index_of, real};
use crate::components::{
    field::{Slider, field_error},
    format::{fixed, shortest},
    number_field::{NumberField, NumberRange},
};

/// Setting of an optional field of the schedule; 0 stands for none.
macro_rules! optional {
    ($label:literal, $field:ident, $empty:literal, $range:expr) => {
        NumberSetting {
            label: $label,
            field: concat!("schedule.", stringify!($field)),
            read: |experiment| experiment.schedule.$field.map(f64::from),
            write: |experiment, value| experiment.schedule.$field = (value != 0.0).then_some(value as f32),
            empty: $empty,
            range: $range,
        }
    };
}

/// Setting of a nested field of the schedule, whose error is shown for the group as a whole.
macro_rules! inner {
    ($label:literal, $part:ident.$field:ident, $max:expr) => {
        NumberSetting {
            label: $label,
            field: "",
            read: |experiment| Some(experiment.schedule.$part.$field.into()),
            write: |experiment, value| experiment.schedule.$part.$field = value as f32,
            empty: "",
            range: NumberRange::real(0.0, $max),
        }
    };
}

const LENGTH: [NumberSetting; 2] =
    [count!("Epochs", schedule.epochs, 1, LIMITS.epochs), count!("Batch size", schedule.batch_size, 1, LIMITS.images)];

const LEARNING_RATE: NumberSetting =
    real!("Learning rate value", schedule.learning_rate, NumberRange::above(0.0, 1000.0));

/// Renders epochs, batch size and learning rate.
pub fn main_settings(editor: &Editor) -> Html {
    let learning_rate = editor.experiment.schedule.learning_rate;
    let on_slide = editor.on(|experiment, power: f64| experiment.schedule.learning_rate = round_power(power));
    let (name, range) = (LEARNING_RATE.label, LEARNING_RATE.range);
    let value_field = NumberField::new("Value", Some(shortest(learning_rate)), range, editor.on(LEARNING_RATE.write));
    html! {
        <>
            { editor.numbers(&LENGTH) }
            <div class="pair wide-left">
                { Slider {
                    label: "Learning rate",
                    min: "-5",
                    max: "1",
                    step: "0.1",
                    value: fixed(learning_rate.max(1e-6).log10(), 1),
                    text: shortest(learning_rate),
                    disabled: false,
                    on_change: on_slide,
                }.view() }
                { value_field.name(name).checked(editor.setting_error(LEARNING_RATE.field)).view() }
            </div>
        </>
    }
}

/// Ten to that power, rounded to two digits, as the slider moves by tenths of a power.
fn round_power(power: f64) -> f32 {
    let tens = 10_f64.powi(power.floor() as i32 - 1);
    let digits = ((power - power.floor()) * std::f64::consts::LN_10).exp() * 10.0;
    (digits.round() * tens) as f32
}

/// Renders the settings that most runs leave at their defaults.
pub fn more_settings(editor: &Editor) -> Html {
    html! {
        <details class="more">
            <summary>{ "More" }</summary>
            { group("Optimiser and learning rate", html! { <>{ optimiser(editor) }{ learning_rate(editor) }</> }) }
            { group("Gradients and weights", gradients(editor)) }
            { group("Augmentation", augmentation(editor)) }
            { group("Validation, stopping, seed", stopping(editor)) }
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

const MOMENTUM: NumberSetting = NumberSetting {
    label: "Momentum",
    field: "",
    read: |experiment| match experiment.schedule.optimiser {
        Optimiser::Sgd { momentum } => Some(momentum.into()),
        _ => None,
    },
    write: |experiment, value| experiment.schedule.optimiser = Optimiser::Sgd { momentum: value as f32 },
    empty: "",
    range: NumberRange::real(0.0, 1.0).below_max(),
};

const DECAY: NumberSetting = real!("Weight decay", schedule.weight_decay, NumberRange::real(0.0, 1.0));

/// Optimiser with its settings.
fn optimiser(editor: &Editor) -> Html {
    let present = editor.experiment.schedule.optimiser;
    let titles = Optimiser::ALL.map(Optimiser::label);
    html! {
        <div class="pair">
            { editor.menu("Optimiser", "schedule.optimiser", titles, index_of(titles, present.label()),
                |experiment, index| experiment.schedule.optimiser = Optimiser::ALL[index]) }
            if matches!(present, Optimiser::Sgd { .. }) {
                { editor.number(&MOMENTUM) }
            }
            { editor.number(&DECAY) }
        </div>
    }
}

const WARM_UP: NumberSetting = real!("Warm-up share", schedule.warm_up_share, NumberRange::real(0.0, 0.5));

const PARTS: [NumberSetting; 2] = [
    inner!("Encoder learning rate factor", part_rates.encoder, 100.0),
    inner!("Decoder learning rate factor", part_rates.decoder, 100.0),
];

/// Schedule of the learning rate, and its factors for encoder and decoder.
fn learning_rate(editor: &Editor) -> Html {
    let present = editor.experiment.schedule.learning_rate_schedule;
    let titles = LearningRateSchedule::ALL.map(LearningRateSchedule::label);
    html! {
        <>
            <div class="pair">
                { editor.menu("Schedule", "schedule.learning_rate_schedule", titles, index_of(titles, present.label()),
                    |experiment, index| experiment.schedule.learning_rate_schedule = LearningRateSchedule::ALL[index]) }
                { for schedule_numbers(present).iter().map(|number| editor.number(number)) }
                { editor.number(&WARM_UP) }
            </div>
            { editor.numbers(&PARTS) }
            { field_error(editor.setting_error("schedule.part_rates").as_ref()) }
            <p class="hint">{ "A factor of 0 freezes that part; the encoder's factor applies to the bottleneck too." }</p>
        </>
    }
}

/// Settings of a kind of learning-rate schedule: epochs first, then its factor.
fn schedule_numbers(schedule: LearningRateSchedule) -> &'static [NumberSetting] {
    const fn epochs(label: &'static str) -> NumberSetting {
        NumberSetting {
            label,
            field: "",
            read: |experiment| {
                schedule_epochs(&mut experiment.schedule.learning_rate_schedule.clone()).map(|epochs| *epochs as f64)
            },
            write: |experiment, value| {
                if let Some(epochs) = schedule_epochs(&mut experiment.schedule.learning_rate_schedule) {
                    *epochs = value as usize;
                }
            },
            empty: "",
            range: NumberRange::whole(1, LIMITS.epochs),
        }
    }
    const fn factor(label: &'static str, range: NumberRange) -> NumberSetting {
        NumberSetting { label, field: "", read: read_factor, write: write_factor, empty: "", range }
    }
    const DECREASE: NumberRange = NumberRange::above(0.0, 1.0);
    const RESTARTS: [NumberSetting; 2] =
        [epochs("Epochs of the first cycle"), factor("Factor per cycle", NumberRange::whole(1, 100))];
    const STEP: [NumberSetting; 2] = [epochs("Epochs per step"), factor("Factor per step", DECREASE)];
    const EXPONENTIAL: [NumberSetting; 1] = [factor("Factor per epoch", DECREASE)];
    const PLATEAU: [NumberSetting; 2] =
        [epochs("Epochs of patience"), factor("Factor per reduction", DECREASE.below_max())];
    match schedule {
        LearningRateSchedule::Constant | LearningRateSchedule::Cosine => &[],
        LearningRateSchedule::CosineRestarts { .. } => &RESTARTS,
        LearningRateSchedule::Step { .. } => &STEP,
        LearningRateSchedule::Exponential { .. } => &EXPONENTIAL,
        LearningRateSchedule::Plateau { .. } => &PLATEAU,
    }
}

const fn schedule_epochs(schedule: &mut LearningRateSchedule) -> Option<&mut usize> {
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

const GRADIENTS: [NumberSetting; 4] = [
    optional!("Clip norm", gradient_clip_norm, "not clipped", NumberRange::real(0.0, f64::INFINITY)),
    optional!("Clip value", gradient_clip_value, "not clipped", NumberRange::real(0.0, f64::INFINITY)),
    count!("Batches per step", schedule.accumulated_batches, 1, 1000),
    optional!("Moving average", moving_average, "none", NumberRange::real(0.0, 1.0).below_max()),
];

/// Clipping, accumulation, averaging and checkpointing of gradients and weights.
fn gradients(editor: &Editor) -> Html {
    html! {
        <>
            { editor.numbers(&GRADIENTS) }
            { editor.switch("Gradient checkpointing", "", editor.experiment.schedule.gradient_checkpointing,
                |experiment, is_on| experiment.schedule.gradient_checkpointing = is_on) }
        </>
    }
}

const AUGMENTATION: [NumberSetting; 3] = [
    inner!("Shift (px)", augmentation.shift_px, 32.0),
    inner!("Rotation (°)", augmentation.rotation_degrees, 180.0),
    inner!("Elastic distortion (px)", augmentation.elastic_px, 32.0),
];

/// Augmentation of pictures.
fn augmentation(editor: &Editor) -> Html {
    html! {
        <>
            { editor.numbers(&AUGMENTATION) }
            { field_error(editor.setting_error("schedule.augmentation").as_ref()) }
        </>
    }
}

const STOPPING: [NumberSetting; 4] = [
    real!("Validation share", schedule.validation_share, NumberRange::real(0.0, 0.5)),
    NumberSetting {
        label: "Patience",
        field: "schedule.early_stopping",
        read: |experiment| experiment.schedule.early_stopping.map(|stopping| stopping.patience_epochs as f64),
        write: |experiment, value| {
            let patience_epochs = value as usize;
            experiment.schedule.early_stopping = (patience_epochs > 0).then_some(EarlyStopping { patience_epochs });
        },
        empty: "never",
        range: NumberRange::whole_from(0),
    },
    NumberSetting {
        label: "Seed",
        field: "seed",
        read: |experiment| Some(experiment.seed as f64),
        write: |experiment, value| experiment.seed = value as u64,
        empty: "",
        range: NumberRange::SEED,
    },
    NumberSetting {
        label: "Image limit",
        field: "data.limit",
        read: |experiment| experiment.data.limit.map(|limit| limit as f64),
        write: |experiment, value| experiment.data.limit = (value != 0.0).then_some(value as usize),
        empty: "all",
        range: NumberRange::whole(0, LIMITS.images),
    },
];

/// Validation share, early stopping, seed and image limit.
fn stopping(editor: &Editor) -> Html {
    editor.numbers(&STOPPING)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::builder::editor::assert_range_is_checked;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_range_of_a_field_is_what_the_check_accepts() {
        let experiment = Experiment::default();
        let single = [&LENGTH[0], &LEARNING_RATE, &MOMENTUM, &DECAY, &WARM_UP];
        let groups = PARTS.iter().chain(&GRADIENTS).chain(&AUGMENTATION).chain(&STOPPING);
        for number in single.into_iter().chain(groups) {
            assert_range_is_checked(number, &experiment);
        }
        for kind in LearningRateSchedule::ALL {
            let mut experiment = Experiment::default();
            experiment.schedule.learning_rate_schedule = kind;
            for number in schedule_numbers(kind) {
                assert_range_is_checked(number, &experiment);
            }
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_slider_gives_round_learning_rates() {
        let rates = [-3.0, -2.7, -5.0, 0.0, 1.0].map(|power| shortest(round_power(power)));
        assert_eq!(rates, ["0.001", "0.002", "0.00001", "1", "10"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn every_number_of_every_schedule_can_be_read_and_written() {
        for kind in LearningRateSchedule::ALL {
            let mut experiment = Experiment::default();
            experiment.schedule.learning_rate_schedule = kind;
            for number in schedule_numbers(kind) {
                (number.write)(&mut experiment, 1.0);
                assert_eq!((number.read)(&experiment), Some(1.0), "{} of {}", number.label, kind.label());
            }
            assert_eq!(experiment.schedule.learning_rate_schedule.label(), kind.label());
        }
    }
}
