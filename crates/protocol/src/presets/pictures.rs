//! Copying and repairing pictures, mostly by convolutions.
//!
//! Digits are mostly black, and convolutions soon say so everywhere: a sigmoid is then so flat that the squared error
//! teaches nothing for hundreds of steps. Cross-entropy keeps its slope there.

use super::{Preset, PresetGroup};
use crate::{
    Activation, BottleneckSpec, Corruption, Experiment, LearningRateSchedule, Measure, NetworkSpec, Noise, Objective,
    ReconstructionLoss, Schedule, Scope, TrainingStart,
};

fn conv(channels: &[usize]) -> NetworkSpec {
    NetworkSpec {
        encoder: NetworkSpec::conv_blocks(channels),
        bottleneck: BottleneckSpec::Direct,
        ..NetworkSpec::default()
    }
}

fn repair(corruption: Corruption) -> Objective {
    Objective { loss: ReconstructionLoss::BinaryCrossEntropy, corruption, ..Objective::default() }
}

pub(super) fn presets() -> Vec<Preset> {
    [trap(), denoisers(), painters()].concat()
}

/// A code so large that copying is all there is to learn, and what noise makes of that.
fn trap() -> Vec<Preset> {
    // 32 maps of 14x14 are 6,272 numbers for 784 pixels. A dense layer as wide would copy only what digits are made of: a
    // convolution treats every place alike, and a linear end lets it copy anything.
    let network = NetworkSpec { output_activation: Activation::Linear, ..conv(&[32]) };
    let schedule = Schedule { learning_rate: 3e-3, ..Schedule::default() };
    vec![
        Preset {
            name: "overcomplete",
            title: "Overcomplete: the identity trap",
            group: PresetGroup::Pictures,
            about: "A code eight times as large as the picture, and nothing that forbids copying.",
            look_for: "It rebuilds even random noise: a low error alone proves nothing.",
            measures: &[Measure::NoiseCopied, Measure::ReconstructionError],
            start: TrainingStart::Fresh,
            experiment: Experiment { network: network.clone(), schedule: schedule.clone(), ..Experiment::default() },
        },
        Preset {
            name: "overcomplete-denoiser",
            title: "Overcomplete, with noise",
            group: PresetGroup::Pictures,
            about: "The same large code, but the input is noisy and the target is not.",
            look_for: "It cannot copy any more: random noise comes back much less faithfully than in the identity trap.",
            measures: &[Measure::NoiseCopied, Measure::Restoration],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network,
                objective: Objective { corruption: Corruption::new(Noise::Gaussian, 0.5), ..Objective::default() },
                schedule,
                ..Experiment::default()
            },
        },
    ]
}

/// From a plain convolutional network to one that keeps every edge.
fn denoisers() -> Vec<Preset> {
    vec![
        Preset {
            name: "conv",
            title: "Convolutional",
            group: PresetGroup::Pictures,
            about: "Convolutions down to a code of 32 numbers, transposed convolutions up.",
            look_for: "With a code half the article's it rebuilds about as well: neighbouring pixels share their weights.",
            measures: &[Measure::ReconstructionError, Measure::NoiseCopied],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: NetworkSpec {
                    bottleneck: BottleneckSpec::Dense { size: 32, activation: Activation::Linear },
                    ..conv(&[16, 32])
                },
                objective: repair(Corruption::default()),
                ..Experiment::default()
            },
        },
        Preset {
            name: "conv-denoiser",
            title: "Convolutional denoiser",
            group: PresetGroup::Pictures,
            about: "Two strided convolutions down, two transposed up: small, and a sharper denoiser.",
            look_for: "Strokes stay sharp: its PSNR is above the dense denoiser's with a tenth of the weights.",
            measures: &[Measure::Restoration],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: conv(&[32, 64]),
                objective: repair(Corruption::new(Noise::Gaussian, 0.5)),
                ..Experiment::default()
            },
        },
        Preset {
            name: "deep-denoiser",
            title: "Deep convolutional denoiser",
            group: PresetGroup::Pictures,
            about: "Three levels of convolutions, every noise level up to 0.7: what the page's own denoiser is.",
            look_for: "One network serves the whole noise slider.",
            measures: &[Measure::Restoration],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: conv(&[32, 64, 96]),
                objective: repair(Corruption { noise: Noise::Gaussian, level: 0.7, varied: true }),
                schedule: Schedule {
                    epochs: 8,
                    learning_rate_schedule: LearningRateSchedule::Cosine,
                    ..Schedule::default()
                },
                ..Experiment::default()
            },
        },
        Preset {
            name: "u-net-denoiser",
            title: "U-Net denoiser",
            group: PresetGroup::Pictures,
            about: "Feature maps go past the bottleneck too, so that fine strokes need not pass it.",
            look_for: "Edges are sharper than without skips; but the code is no longer all that the decoder knows.",
            measures: &[Measure::Restoration, Measure::NoiseCopied],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: NetworkSpec { skips: true, ..conv(&[16, 32, 64]) },
                objective: repair(Corruption::new(Noise::Gaussian, 0.5)),
                ..Experiment::default()
            },
        },
    ]
}

/// What is hidden or lost has to be made up.
fn painters() -> Vec<Preset> {
    vec![
        Preset {
            name: "inpainting",
            title: "Inpainting",
            group: PresetGroup::Pictures,
            about: "A quarter of the picture is hidden, and has to be guessed from the rest.",
            look_for: "Strokes go on through the hole; the error there is far below that of the mean digit.",
            measures: &[Measure::HiddenError, Measure::Restoration],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: NetworkSpec {
                    bottleneck: BottleneckSpec::Dense { size: 64, activation: Activation::Linear },
                    ..conv(&[32, 64])
                },
                objective: repair(Corruption::new(Noise::Block, 0.25)),
                ..Experiment::default()
            },
        },
        Preset {
            name: "super-resolution",
            title: "Super-resolution",
            group: PresetGroup::Pictures,
            about: "The input has lost three quarters of its rows and columns; the target has not.",
            look_for: "Stairs become strokes: the PSNR rises well above that of the enlarged input.",
            measures: &[Measure::Restoration],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: NetworkSpec { skips: true, ..conv(&[32, 64]) },
                objective: repair(Corruption::new(Noise::DownScaling, 0.75)),
                ..Experiment::default()
            },
        },
        Preset {
            name: "masked",
            title: "Masked autoencoder",
            group: PresetGroup::Pictures,
            about: "Three quarters of the pixels are hidden, and only those are judged.",
            look_for: "From one pixel in four it guesses the others: the code has to know what digits look like.",
            measures: &[Measure::HiddenError],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: NetworkSpec {
                    encoder: NetworkSpec::dense_blocks(&[512, 256]),
                    bottleneck: BottleneckSpec::Dense { size: 64, activation: Activation::Linear },
                    ..NetworkSpec::default()
                },
                objective: Objective {
                    corruption: Corruption::new(Noise::Masking, 0.75),
                    scope: Scope::Hidden,
                    ..Objective::default()
                },
                ..Experiment::default()
            },
        },
    ]
}
