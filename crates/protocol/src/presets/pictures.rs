//! Presets that reconstruct and denoise pictures, mostly by convolutions.
//!
//! Pixels of digits are mostly black, and convolutions soon predict black everywhere: the output's sigmoid is then
//! saturated, and the squared error has nearly no gradient for hundreds of steps. Cross-entropy keeps its gradient.

use super::{Aim, AimFigure, Preset, PresetGroup, small_batches};
use crate::{
    Activation, BottleneckSpec, Corruption, Experiment, Measure, NetworkSpec, Noise, Objective, ReconstructionLoss,
    Schedule, Scope, TrainingStart,
};

/// Convolutions whose maps are the code.
fn conv(channels: &[usize]) -> NetworkSpec {
    NetworkSpec {
        encoder: NetworkSpec::conv_blocks(channels),
        bottleneck: BottleneckSpec::Direct,
        ..NetworkSpec::default()
    }
}

/// Convolutions before a vector code of `size` numbers.
fn conv_to_vector(channels: &[usize], size: usize) -> NetworkSpec {
    NetworkSpec { bottleneck: BottleneckSpec::Dense { size, activation: Activation::Linear }, ..conv(channels) }
}

fn cross_entropy(corruption: Corruption) -> Objective {
    Objective { loss: ReconstructionLoss::BinaryCrossEntropy, corruption, ..Objective::default() }
}

pub(super) fn presets() -> Vec<Preset> {
    [overcomplete(), convolutions(), inpainting()].concat()
}

/// Overcomplete codes, without and with noise.
fn overcomplete() -> Vec<Preset> {
    // 32 maps of 14x14 are 6,272 numbers for 784 pixels. A dense layer as wide would copy only what digits are made of:
    // a convolution treats every place alike, and a linear end lets it copy anything.
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
            aim: vec![Aim::at_most(Measure::NoiseCopied, 0.01)],
            start: TrainingStart::Fresh,
            experiment: Experiment { network: network.clone(), schedule: schedule.clone(), ..Experiment::default() },
        },
        Preset {
            name: "overcomplete-denoiser",
            title: "Overcomplete, with noise",
            group: PresetGroup::Pictures,
            about: "The same large code, but the input is noisy and the target is not.",
            look_for: "It cannot copy any more: random noise comes back much less faithfully than in the identity trap.",
            measures: &[Measure::NoiseCopied, Measure::Denoising],
            aim: vec![Aim::at_least(Measure::NoiseCopied, 0.05)],
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

/// Convolutional networks, from a plain one to a U-Net.
fn convolutions() -> Vec<Preset> {
    vec![
        Preset {
            name: "conv",
            title: "Convolutional",
            group: PresetGroup::Pictures,
            about: "Convolutions down to a code of 32 numbers, transposed convolutions up.",
            look_for: "With a code half the article's it rebuilds about as well: neighbouring pixels share their weights.",
            measures: &[Measure::ReconstructionError, Measure::NoiseCopied],
            aim: vec![Aim::at_most(Measure::ReconstructionError, 0.012)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: conv_to_vector(&[16, 32], 32),
                objective: cross_entropy(Corruption::default()),
                schedule: small_batches(4, 2e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "conv-vector-denoiser",
            title: "Convolutional denoiser, vector code",
            group: PresetGroup::Pictures,
            about: "Two strided convolutions, a code of 64 numbers, two transposed convolutions.",
            look_for: "64 numbers hold the digit and leave the noise behind: a code as small as the dense denoiser's, and sharper strokes.",
            measures: &[Measure::Denoising],
            aim: vec![Aim::at_least(Measure::Denoising, 18.5)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: conv_to_vector(&[16, 32], 64),
                objective: cross_entropy(Corruption::new(Noise::Gaussian, 0.5)),
                schedule: Schedule { batch_size: 16, ..small_batches(4, 2e-3) },
                ..Experiment::default()
            },
        },
        Preset {
            name: "conv-denoiser",
            title: "Convolutional denoiser",
            group: PresetGroup::Pictures,
            about: "Two strided convolutions down, two transposed up: small, and a sharper denoiser.",
            look_for: "Strokes stay sharp: its PSNR is above the dense denoiser's with a tenth of the weights.",
            measures: &[Measure::Denoising],
            aim: vec![Aim::at_least(Measure::Denoising, 18.5)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: conv(&[32, 64]),
                objective: cross_entropy(Corruption::new(Noise::Gaussian, 0.5)),
                schedule: small_batches(4, 2e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "deep-denoiser",
            title: "Deep convolutional denoiser",
            group: PresetGroup::Pictures,
            about: "Three levels of convolutions, every noise level up to 0.7: the network of the page's ready-made denoiser.",
            look_for: "One network serves the whole noise slider.",
            measures: &[Measure::Denoising],
            // At its largest level; that is about 18.8 dB at the level of the other denoisers.
            aim: vec![Aim::at_least(Measure::Denoising, 16.0)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: conv(&[32, 64, 96]),
                objective: cross_entropy(Corruption { noise: Noise::Gaussian, level: 0.7, varied: true }),
                schedule: small_batches(4, 2e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "u-net-denoiser",
            title: "U-Net denoiser",
            group: PresetGroup::Pictures,
            about: "Skip connections carry feature maps past the bottleneck, so that fine strokes need not pass it.",
            look_for: "Edges are sharper than without skips; but the decoder no longer reads the code alone.",
            measures: &[Measure::Denoising, Measure::NoiseCopied],
            aim: vec![Aim::at_least(Measure::Denoising, 18.5)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: NetworkSpec { skips: true, ..conv(&[16, 32, 64]) },
                objective: cross_entropy(Corruption::new(Noise::Gaussian, 0.5)),
                schedule: small_batches(4, 2e-3),
                ..Experiment::default()
            },
        },
    ]
}

/// Networks that fill in hidden or lost values.
fn inpainting() -> Vec<Preset> {
    vec![
        Preset {
            name: "inpainting",
            title: "Inpainting",
            group: PresetGroup::Pictures,
            about: "A quarter of the picture is hidden, and has to be predicted from the rest.",
            look_for: "Strokes continue through the hidden block; the error there is far below that of the mean digit.",
            measures: &[Measure::HiddenError, Measure::Denoising],
            aim: vec![Aim::explained(Measure::HiddenError, 0.5)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: conv_to_vector(&[24, 48], 64),
                objective: cross_entropy(Corruption::new(Noise::Block, 0.25)),
                schedule: small_batches(8, 3e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "super-resolution",
            title: "Super-resolution",
            group: PresetGroup::Pictures,
            about: "The input has lost three quarters of its rows and columns; the target has not.",
            look_for: "Stairs become strokes: the PSNR rises well above that of the enlarged input.",
            measures: &[Measure::Denoising],
            aim: vec![Aim::at_least(Measure::Denoising, 5.0).of(AimFigure::AboveReference)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                // The deepest maps see the whole stroke: with two levels, stairs stay.
                network: NetworkSpec { skips: true, ..conv(&[16, 32, 64]) },
                objective: cross_entropy(Corruption::new(Noise::DownScaling, 0.75)),
                schedule: small_batches(5, 2e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "masked",
            title: "Masked autoencoder",
            group: PresetGroup::Pictures,
            about: "Three quarters of the pixels are hidden, and the loss is taken on those only.",
            look_for: "It predicts the hidden pixels from one pixel in four.",
            measures: &[Measure::HiddenError],
            aim: vec![Aim::explained(Measure::HiddenError, 0.7)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: conv_to_vector(&[16, 32], 64),
                objective: Objective { scope: Scope::Hidden, ..cross_entropy(Corruption::new(Noise::Masking, 0.75)) },
                schedule: small_batches(9, 3e-3),
                ..Experiment::default()
            },
        },
    ]
}
