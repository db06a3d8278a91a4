//! A classifier that tells digits from pictures that are none, for samples of generative networks.

use pinhole_engine::{
    Model,
    data::{self, Labels, SampleSet},
    training::{Start, TrainingRun},
};
use pinhole_protocol::{BottleneckSpec, Experiment, GridShape, HeadSpec, NetworkSpec, Objective, Schedule, presets};
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg32;

use crate::common::{checked, cpu, run_to_end};

/// Probability above which a class is taken for certain.
const CONFIDENT: f32 = 0.8;
/// Generated digits; every third one has a picture beside it that is none.
const DIGITS: usize = 9_000;
/// The class of all that is no digit.
const NO_DIGIT: u8 = 10;
const PIXELS: usize = 784;
const SIDE: usize = 28;
/// Side in pixels of the blocks that are exchanged.
const BLOCK: usize = 7;

/// Classifier of ten digits, and of noise and digits in exchanged blocks as an eleventh class.
pub struct DigitClassifier(Model);

impl DigitClassifier {
    /// Trains the classifier.
    pub fn train() -> Self {
        let digits = data::strokes(11, DIGITS);
        let mut rng = Pcg32::seed_from_u64(5);
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for index in 0..DIGITS {
            let digit = digits.picture(index).expect("there are as many");
            let label = digits.labels().of_sample(index);
            let none = match index % 6 {
                0 => noise(&mut rng),
                2 => exchanged_blocks(digit, &mut rng),
                _ => Vec::new(),
            };
            labels.extend([label, Some(NO_DIGIT)].into_iter().take(1 + usize::from(!none.is_empty())));
            pixels.extend(digit.iter().copied().chain(none));
        }
        let samples =
            SampleSet::pictures("digits and others", GridShape::MNIST, pixels).with_labels(Labels::of_numbers(&labels));
        let preset = presets().into_iter().find(|preset| preset.name == "classifier").expect("it is listed");
        let experiment = Experiment {
            network: NetworkSpec {
                encoder: NetworkSpec::conv_blocks(&[16, 32]),
                bottleneck: BottleneckSpec::Dense { size: 32, activation: pinhole_protocol::Activation::Linear },
                head: Some(HeadSpec { classes: 11 }),
                ..preset.experiment.network
            },
            objective: Objective { classification: 1.0, ..preset.experiment.objective },
            schedule: Schedule { epochs: 6, learning_rate: 3e-3, ..preset.experiment.schedule },
            ..preset.experiment
        };
        let mut run = TrainingRun::new(&cpu(), checked(experiment), &samples, Start::Fresh).expect("the run can start");
        run_to_end(&mut run).expect("the CPU does not fail");
        Self(run.into_model("digits".into()))
    }

    /// Number of pictures that are certainly a digit.
    pub fn count_digits(&self, pictures: &[f32]) -> usize {
        let probabilities = pollster::block_on(async {
            let codes = self.0.encode_all(pictures).await?;
            self.0.class_probabilities(&codes).await
        })
        .expect("the CPU does not fail");
        let is_digit = |classes: &&[f32]| classes[..usize::from(NO_DIGIT)].iter().any(|one| *one > CONFIDENT);
        probabilities.chunks(usize::from(NO_DIGIT) + 1).filter(is_digit).count()
    }
}

/// Uniform noise of any strength, on any grey.
fn noise(rng: &mut Pcg32) -> Vec<u8> {
    let (grey, strength) = (rng.random_range(0..=255_u32), rng.random_range(0..=255_u32));
    let pixel = |random: u32| (grey * (255 - strength) + random * strength) / 255;
    (0..PIXELS).map(|_| pixel(rng.random_range(0..=255)) as u8).collect()
}

/// A digit whose blocks stand in another order.
fn exchanged_blocks(digit: &[u8], rng: &mut Pcg32) -> Vec<u8> {
    let across = SIDE / BLOCK;
    let mut order: Vec<usize> = (0..across * across).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, rng.random_range(0..=last));
    }
    let from = |(row, column): (usize, usize)| {
        let block = order[row / BLOCK * across + column / BLOCK];
        digit[(block / across * BLOCK + row % BLOCK) * SIDE + block % across * BLOCK + column % BLOCK]
    };
    (0..PIXELS).map(|pixel| from((pixel / SIDE, pixel % SIDE))).collect()
}
