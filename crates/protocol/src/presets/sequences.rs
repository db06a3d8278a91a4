//! Presets that read pictures row by row, as sequences of 28 steps.

use super::{Aim, Preset, PresetGroup, small_batches};
use crate::{
    Activation, BlockSpec, BottleneckSpec, DecoderSpec, Experiment, Measure, NetworkSpec, ReconstructionLoss, Scaling,
    Schedule, TrainingStart,
};

pub(super) fn presets() -> Vec<Preset> {
    let sequence = |name, title, about, look_for, encoder: Vec<BlockSpec>| Preset {
        name,
        title,
        group: PresetGroup::Sequences,
        about,
        look_for,
        measures: &[Measure::ReconstructionError, Measure::NeighbourAccuracy],
        aim: vec![Aim::explained(Measure::ReconstructionError, 0.8)],
        start: TrainingStart::Fresh,
        experiment: Experiment {
            network: NetworkSpec {
                encoder,
                bottleneck: BottleneckSpec::Dense { size: 32, activation: Activation::Linear },
                ..NetworkSpec::default()
            },
            objective: crate::Objective { loss: ReconstructionLoss::BinaryCrossEntropy, ..crate::Objective::default() },
            ..Experiment::default()
        },
    };
    let scheduled = |mut preset: Preset, schedule| {
        preset.experiment.schedule = schedule;
        preset
    };
    // A decoder that is recurrent too stays at the mean digit for thousands of steps (.075 after 12 epochs of 4,000
    // digits, where the mean has .065); from a dense one the encoder learns at once.
    let recurrent = |mut preset: Preset| {
        preset.experiment.network.decoder = DecoderSpec::Blocks(vec![BlockSpec::Dense { width: 256 }]);
        // What they lack is steps.
        scheduled(preset, Schedule { batch_size: 16, ..small_batches(11, 4e-3) })
    };
    vec![
        recurrent(sequence(
            "lstm",
            "LSTM",
            "A digit is read row by row; the code is made of the last hidden state.",
            "The picture is rebuilt from a single hidden state: the error falls below the mean digit's, slowly at first.",
            vec![BlockSpec::Lstm { units: 64 }],
        )),
        recurrent(sequence(
            "gru",
            "GRU",
            "As the LSTM, with three weight matrices instead of four.",
            "A quarter fewer recurrent weights, and it learns faster than the LSTM.",
            vec![BlockSpec::Gru { units: 64 }],
        )),
        scheduled(
            sequence(
                "transformer",
                "Transformer",
                "Every row attends to all rows at once.",
                "No recurrence: the error falls faster per step than that of the recurrent networks.",
                vec![BlockSpec::Transformer { width: 32, heads: 4, hidden: 64 }],
            ),
            small_batches(3, 3e-3),
        ),
        scheduled(
            sequence(
                "conv-1d",
                "1-D convolutions",
                "Windows of three rows, halved twice.",
                "Local windows are enough for strokes: the error is below the recurrent networks' in far less time.",
                vec![
                    BlockSpec::Conv1d { channels: 32, scaling: Scaling::Stride },
                    BlockSpec::Conv1d { channels: 64, scaling: Scaling::Stride },
                ],
            ),
            small_batches(6, 3e-3),
        ),
    ]
}
