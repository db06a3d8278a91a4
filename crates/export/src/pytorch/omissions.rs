//! Parts of an experiment that its listing does not express.

use pinhole_protocol::{
    CheckedExperiment, ImageSource, LearningRateSchedule, Noise, ReconstructionLoss, Schedule, TrainingStart,
};

const CONTINUED_RUN: &str = concat!(
    "The listing does not continue the run: it trains all epochs from the model's weights, without the epochs ",
    "already done, the optimiser's moments and the best loss so far.",
);
const FEATURES: &str = concat!(
    "The features of feature matching are left out, as their small frozen classifier is not part of PyTorch: the ",
    "loss is the squared error of the pixels alone.",
);
const TABLE: &str = concat!(
    "The preparation of the table is left out: `data` holds its rows after scaling and one-hot encoding, and a ",
    "missing value counts in the loss as any other.",
);
const ONE_HOT_COLUMNS: &str =
    "Columns are hidden value by value: the values of a one-hot encoded column are not hidden together.";
const CHECKPOINTING: &str = concat!(
    "Gradient checkpointing is left out: it saves memory and changes no result (PyTorch's is ",
    "torch.utils.checkpoint).",
);
const WARM_RESTARTS: &str = concat!(
    "The warm-up of the learning rate is left out, as PyTorch's CosineAnnealingWarmRestarts cannot be chained ",
    "with one.",
);

/// One sentence per part that the listing leaves out.
pub(super) fn omissions(experiment: &CheckedExperiment, start: TrainingStart) -> Vec<String> {
    let spec = experiment.spec();
    let is_table = spec.data.source == ImageSource::TableRows;
    let corruption = spec.objective.corruption;
    let hides_columns = corruption.noise == Noise::Columns && !corruption.is_none();
    let omitted = [
        (start == TrainingStart::Continue, CONTINUED_RUN),
        (spec.objective.loss == ReconstructionLoss::FeatureMatching && spec.objective.reconstruction > 0.0, FEATURES),
        (is_table, TABLE),
        (is_table && hides_columns, ONE_HOT_COLUMNS),
        (spec.schedule.gradient_checkpointing, CHECKPOINTING),
        (restarts(&spec.schedule) && spec.schedule.warm_up_share > 0.0, WARM_RESTARTS),
    ];
    omitted.into_iter().filter(|(is_omitted, _)| *is_omitted).map(|(_, sentence)| sentence.to_owned()).collect()
}

/// True if the learning rate is restarted, by a scheduler that allows no warm-up beside it.
pub(super) const fn restarts(schedule: &Schedule) -> bool {
    matches!(schedule.learning_rate_schedule, LearningRateSchedule::CosineRestarts { .. })
}
