//! The optimiser with its parameter groups, and the schedule of its learning rate.

use pinhole_protocol::{LearningRateSchedule, Normalisation, Optimiser, Part, PartRates, Schedule};

use super::{
    autoencoder::Autoencoder,
    omissions::restarts,
    python::{indented, number, times},
};

/// Constructor of the optimiser of `parameters`.
pub(super) fn constructor(schedule: &Schedule, parameters: &str) -> String {
    let rate = number(schedule.learning_rate);
    let decay = number(schedule.weight_decay);
    let with_decay = if schedule.weight_decay > 0.0 { format!(", weight_decay={decay}") } else { String::new() };
    match schedule.optimiser {
        Optimiser::Adam => format!("torch.optim.Adam({parameters}, lr={rate}{with_decay})"),
        // PyTorch's default is 0.01.
        Optimiser::AdamW => format!("torch.optim.AdamW({parameters}, lr={rate}, weight_decay={decay})"),
        Optimiser::Sgd { momentum } => {
            format!("torch.optim.SGD({parameters}, lr={rate}, momentum={}{with_decay})", number(momentum))
        }
        Optimiser::RmsProp => format!("torch.optim.RMSprop({parameters}, lr={rate}{with_decay})"),
        Optimiser::Lamb => format!("Lamb({parameters}, lr={rate}{with_decay})"),
        Optimiser::Lion => format!("Lion({parameters}, lr={rate}{with_decay})"),
    }
}

/// Attributes of the model that a part's learning rate is for.
fn attributes(autoencoder: &Autoencoder, part: Part) -> Vec<&'static str> {
    if part == Part::Encoder { autoencoder.encoder_attributes() } else { vec!["decoder"] }
}

/// The part that is frozen, if any.
fn frozen_part(rates: PartRates) -> Option<Part> {
    match (rates.encoder > 0.0, rates.decoder > 0.0) {
        (false, _) => Some(Part::Encoder),
        (_, false) => Some(Part::Decoder),
        _ => None,
    }
}

/// Lines that freeze a part.
pub(super) fn freezing(schedule: &Schedule, autoencoder: &Autoencoder) -> Vec<String> {
    let frozen = frozen_part(schedule.part_rates).into_iter().flat_map(|part| attributes(autoencoder, part));
    frozen.map(|attribute| format!("model.{attribute}.requires_grad_(False)")).collect()
}

/// Lines after `model.train()` that keep the running statistics of a frozen part.
pub(super) fn frozen_statistics(schedule: &Schedule, normalisation: Normalisation) -> Vec<String> {
    let frozen = frozen_part(schedule.part_rates).filter(|_| normalisation == Normalisation::Batch);
    frozen
        .map(|part| format!("model.{}.eval()  # it is frozen, statistics included", part.slug()))
        .into_iter()
        .collect()
}

/// `optimiser = …`, with a group per part if their learning rates differ.
pub(super) fn definition(schedule: &Schedule, autoencoder: &Autoencoder) -> Vec<String> {
    let rates = schedule.part_rates;
    if rates == PartRates::default() {
        return vec![format!("optimiser = {}", constructor(schedule, "model.parameters()"))];
    }
    let group = |(attributes, factor): (Vec<&str>, f32)| {
        if attributes.is_empty() || factor <= 0.0 {
            return None;
        }
        let rate = times(factor) + &number(schedule.learning_rate);
        Some(format!("{{\"params\": {}, \"lr\": {rate}}},", parameters(&attributes)))
    };
    let groups = [
        (attributes(autoencoder, Part::Encoder), rates.encoder),
        (attributes(autoencoder, Part::Decoder), rates.decoder),
        (autoencoder.other_attributes(), 1.0),
    ];
    let mut lines = vec!["groups = [".to_owned()];
    lines.extend(indented(1, groups.into_iter().filter_map(group)));
    lines.push("]".into());
    lines.push(format!("optimiser = {}", constructor(schedule, "groups")));
    lines
}

/// The parameters of some attributes of the model, as an expression.
fn parameters(attributes: &[&str]) -> String {
    let is_parameter = |attribute: &str| matches!(attribute, "codebook" | "output_logvar");
    if let [attribute] = attributes
        && !is_parameter(attribute)
    {
        return format!("model.{attribute}.parameters()");
    }
    let of = |attribute: &&str| {
        if is_parameter(attribute) { format!("model.{attribute}") } else { format!("*model.{attribute}.parameters()") }
    };
    format!("[{}]", attributes.iter().map(of).collect::<Vec<_>>().join(", "))
}

/// True if a plateau of the validation loss lowers the learning rate.
pub(super) const fn has_plateau(schedule: &Schedule) -> bool {
    matches!(schedule.learning_rate_schedule, LearningRateSchedule::Plateau { .. })
}

/// True if the learning rate warms up.
const fn warms_up(schedule: &Schedule) -> bool {
    schedule.warm_up_share > 0.0 && !restarts(schedule)
}

/// True if the learning rate changes with every step.
pub(super) fn has_scheduler(schedule: &Schedule) -> bool {
    warms_up(schedule) || scheduler(schedule, "optimiser").is_some()
}

/// Scheduler of the learning rate of `optimiser` that advances with every step, without the warm-up.
fn scheduler(schedule: &Schedule, optimiser: &str) -> Option<String> {
    let steps_of = |epochs: usize| match epochs {
        1 => "len(training_loader)".to_owned(),
        epochs => format!("{epochs} * len(training_loader)"),
    };
    match schedule.learning_rate_schedule {
        LearningRateSchedule::Constant | LearningRateSchedule::Plateau { .. } => None,
        LearningRateSchedule::Cosine => Some(format!("CosineAnnealingLR({optimiser}, steps)")),
        LearningRateSchedule::CosineRestarts { first_epochs, factor } => {
            Some(format!("CosineAnnealingWarmRestarts({optimiser}, {}, {factor})", steps_of(first_epochs)))
        }
        LearningRateSchedule::Step { every_epochs, factor } => {
            Some(format!("StepLR({optimiser}, {}, {})", steps_of(every_epochs), number(factor)))
        }
        LearningRateSchedule::Exponential { factor } => {
            Some(format!("ExponentialLR({optimiser}, {} ** (1 / len(training_loader)))", number(factor)))
        }
    }
}

/// The schedulers of the optimiser whose name begins with `prefix`: warm-up, schedule and plateau.
pub(super) fn schedulers(schedule: &Schedule, prefix: &str) -> Vec<String> {
    let optimiser = format!("{prefix}optimiser");
    let mut lines = Vec::new();
    if warms_up(schedule) {
        let share = number(schedule.warm_up_share);
        lines.push(format!("warm_up_steps = max(round({share} * steps), 1)"));
        lines.push(format!("warm_up = LinearLR({optimiser}, 1 / warm_up_steps, total_iters=warm_up_steps - 1)"));
    }
    match (warms_up(schedule), scheduler(schedule, &optimiser)) {
        (false, None) => {}
        (false, Some(scheduler)) => lines.push(format!("{prefix}scheduler = {scheduler}")),
        (true, None) => lines.push(format!("{prefix}scheduler = warm_up")),
        (true, Some(scheduler)) => {
            lines.push(format!("{prefix}scheduler = ChainedScheduler([warm_up, {scheduler}])"));
        }
    }
    if let LearningRateSchedule::Plateau { factor, patience_epochs } = schedule.learning_rate_schedule {
        let (factor, patience) = (number(factor), patience_epochs - 1);
        let plateau = format!("ReduceLROnPlateau({optimiser}, factor={factor}, patience={patience}, threshold=0)");
        lines.push(format!("{prefix}plateau = {plateau}"));
    }
    lines
}
