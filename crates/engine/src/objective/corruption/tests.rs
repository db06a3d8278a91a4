//! Corruptions: shares, known pictures, and agreement of host and device.

use pinhole_protocol::GridShape;
use proptest::prelude::*;

use super::{noise_builder::random_subset, *};

const LEVEL: f32 = 0.3;
const COLOUR: GridShape = GridShape { channels: 3, height: 12, width: 20 };

const fn grey(height: usize, width: usize) -> GridShape {
    GridShape { channels: 1, height, width }
}

fn corrupted_at(noise: Noise, level: f32, shape: GridShape, value: f32, seed: u64) -> Corrupted<Vec<f32>> {
    corrupt(&vec![value; shape.len()], SampleLayout::ungrouped(shape), Corruption::new(noise, level), seed, 0)
}

/// A picture of one grey value, corrupted.
fn corrupted(noise: Noise, value: f32, shape: GridShape) -> Vec<f32> {
    corrupted_at(noise, LEVEL, shape, value, 4).input
}

fn share(values: &[f32], of: f32) -> f32 {
    values.iter().filter(|value| (**value - of).abs() < 1e-6).count() as f32 / values.len() as f32
}

#[test]
fn gaussian_noise_has_its_deviation_and_is_clipped_to_0_to_1() {
    let shape = grey(100, 200);
    let values = corrupted(Noise::GaussianUnclipped, 0.5, shape);
    let mean = values.iter().sum::<f32>() / 20_000.0;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / 20_000.0;
    assert!((mean - 0.5).abs() < 0.01 && (variance.sqrt() - LEVEL).abs() < 0.01, "{mean}, {variance}");
    assert!(values.iter().any(|value| *value < 0.0) && values.iter().any(|value| *value > 1.0));
    assert!(corrupted(Noise::Gaussian, 0.5, shape).iter().all(|value| (0.0..=1.0).contains(value)));
}

#[test]
fn the_rows_of_a_table_are_not_clipped() {
    let row = GridShape { channels: 500, height: 1, width: 1 };
    let values = corrupted(Noise::Gaussian, -2.0, row);
    assert!(values.iter().all(|value| *value < 0.0));
}

#[test]
fn salt_and_pepper_and_masking_change_their_share_of_pixels() {
    let values = corrupted(Noise::SaltAndPepper, 0.5, grey(100, 200));
    assert!((share(&values, 0.0) - LEVEL / 2.0).abs() < 0.01);
    assert!((share(&values, 1.0) - LEVEL / 2.0).abs() < 0.01);
    assert!((share(&values, 0.5) - (1.0 - LEVEL)).abs() < 0.01);
    let values = corrupted(Noise::Masking, 0.5, grey(100, 200));
    assert!((share(&values, 0.0) - LEVEL).abs() < 0.01);
    assert!((share(&values, 0.5) - (1.0 - LEVEL)).abs() < 0.01);
}

#[test]
fn a_block_is_one_rectangle_of_its_share() {
    for (height, width) in [(28, 28), (64, 20), (16, 50)] {
        for (level, seed) in [(0.05, 1), (0.25, 2), (0.25, 3), (0.6, 4), (0.95, 5), (1.0, 6)] {
            let hidden = corrupted_at(Noise::Block, level, grey(height, width), 1.0, seed).hidden.expect("it hides");
            let rows: Vec<usize> = (0..height).filter(|y| hidden[y * width..][..width].contains(&1.0)).collect();
            let columns: Vec<usize> = (0..width).filter(|x| (0..height).any(|y| hidden[y * width + x] > 0.5)).collect();
            let area = rows.len() * columns.len();
            assert_eq!(hidden.iter().sum::<f32>() as usize, area, "a rectangle");
            let off = (area as f32 / (height * width) as f32 - level).abs();
            assert!(off < 0.5 * rows.len() as f32 / (height * width) as f32 + 1e-6, "{level} of {height}x{width}");
        }
    }
}

#[test]
fn blocks_vary_in_position_and_aspect() {
    let first = |seed| {
        let hidden = corrupted_at(Noise::Block, 0.2, grey(28, 28), 1.0, seed).hidden.expect("it hides");
        let first = hidden.iter().position(|&hidden| hidden > 0.5).expect("it hides");
        let wide = hidden[first..].iter().take_while(|hidden| **hidden > 0.5).count();
        (first / 28, first % 28, wide)
    };
    let all: Vec<_> = (0..60).map(first).collect();
    let spread = |of: fn(&(usize, usize, usize)) -> usize| {
        let values = || all.iter().map(of);
        values().max().zip(values().min()).map_or(0, |(most, least)| most - least)
    };
    assert!(spread(|block| block.0) > 10 && spread(|block| block.1) > 10 && spread(|block| block.2) > 5);
}

#[test]
fn columns_and_steps_are_hidden_as_a_whole() {
    let columns = corrupted(Noise::Columns, 0.5, grey(28, 20));
    assert!(columns.chunks(20).all(|row| row == &columns[..20]));
    assert!((share(&columns[..20], 0.0) - LEVEL).abs() < 1e-6, "6 of 20");
    let steps = corrupted(Noise::Steps, 0.5, grey(20, 28));
    assert!(steps.chunks(28).all(|row| row.iter().all(|value| value.to_bits() == row[0].to_bits())));
    assert!((share(&steps, 0.0) - LEVEL).abs() < 1e-6, "6 of 20");
}

#[test]
fn a_tables_column_is_hidden_with_all_its_values() {
    let groups = [0..1, 1..6, 6..7, 7..10];
    let layout = SampleLayout { shape: GridShape { channels: 10, height: 1, width: 1 }, groups: &groups };
    let mut seen = [false; 4];
    for seed in 0..40 {
        let hidden = corrupt(&[2.0; 10], layout, Corruption::new(Noise::Columns, 0.25), seed, 0).hidden;
        let hidden = hidden.expect("columns are hidden");
        let whole: Vec<usize> =
            groups.iter().enumerate().filter(|(_, group)| hidden[(*group).clone()][0] > 0.5).map(|(i, _)| i).collect();
        assert_eq!(whole.len(), 1, "a quarter of four");
        assert!(hidden.iter().sum::<f32>() as usize == groups[whole[0]].len());
        seen[whole[0]] = true;
    }
    assert_eq!(seen, [true; 4]);
}

#[test]
fn a_hidden_pixel_is_hidden_in_all_channels() {
    let plane = COLOUR.height * COLOUR.width;
    for noise in Noise::ALL.into_iter().filter(|noise| noise.hides()) {
        let Corrupted { input, hidden } = corrupted_at(noise, LEVEL, COLOUR, 0.5, 9);
        let hidden = hidden.expect("it hides");
        assert!(hidden.chunks(plane).all(|other| other == &hidden[..plane]), "{noise:?}");
        assert!(hidden.contains(&1.0) && hidden.contains(&0.0), "{noise:?}");
        assert!(
            input.iter().zip(&hidden).all(|(value, hidden)| (*hidden > 0.5) != ((*value - 0.5).abs() < 1e-6)),
            "{noise:?}"
        );
    }
}

#[test]
fn a_point_blurs_to_a_gaussian_and_a_constant_picture_stays_constant() {
    let shape = grey(15, 31);
    let mut point = vec![0.0; shape.len()];
    point[7 * 31 + 15] = 1.0;
    let blurred = corrupt(&point, SampleLayout::ungrouped(shape), Corruption::new(Noise::Blur, 0.25), 0, 0).input;
    // A deviation of 1 pixel: the square of the middle of the truncated kernel.
    assert!((blurred[7 * 31 + 15] - 0.399_05_f32.powi(2)).abs() < 1e-5);
    assert!((blurred[7 * 31 + 17] - 0.399_05 * 0.054_01).abs() < 1e-5, "columns");
    assert!((blurred[9 * 31 + 15] - 0.399_05 * 0.054_01).abs() < 1e-5, "rows");
    assert!(corrupted(Noise::Blur, 0.7, COLOUR).iter().all(|value| (value - 0.7).abs() < 1e-5));
}

#[test]
fn down_scaling_repeats_block_means() {
    let picture: Vec<f32> = (0..8).map(|value: u8| f32::from(value)).collect();
    let halved = Corruption::new(Noise::DownScaling, 0.5);
    let coarse = corrupt(&picture, SampleLayout::ungrouped(grey(2, 4)), halved, 0, 0).input;
    assert_eq!(coarse, [2.5, 2.5, 4.5, 4.5, 2.5, 2.5, 4.5, 4.5]);
    let all =
        corrupt(&picture, SampleLayout::ungrouped(grey(2, 4)), Corruption::new(Noise::DownScaling, 1.0), 0, 0).input;
    assert!(all.iter().all(|value| (value - 3.5).abs() < 1e-6));
}

#[test]
fn no_noise_and_level_0_change_nothing() {
    assert!((share(&corrupted(Noise::None, 0.7, GridShape::MNIST), 0.7) - 1.0).abs() < 1e-6);
    let untouched = corrupted_at(Noise::Gaussian, 0.0, GridShape::MNIST, 0.7, 1);
    assert!((share(&untouched.input, 0.7) - 1.0).abs() < 1e-6 && untouched.hidden.is_none());
}

#[test]
fn noise_depends_on_seed_and_index_alone() {
    for noise in [Noise::Gaussian, Noise::Masking, Noise::Block, Noise::Columns, Noise::Steps, Noise::SaltAndPepper] {
        let noisy = |seed, index| {
            let picture = [0.5; 784];
            corrupt(&picture, SampleLayout::ungrouped(GridShape::MNIST), Corruption::new(noise, LEVEL), seed, index)
        };
        assert_eq!(noisy(1, 2), noisy(1, 2), "{noise:?}");
        assert_ne!(noisy(1, 2), noisy(2, 2), "{noise:?}");
        assert_ne!(noisy(1, 2), noisy(1, 3), "{noise:?}");
    }
}

#[test]
fn consecutive_pictures_get_different_noise() {
    let two =
        corrupt(&[0.5; 2 * 784], SampleLayout::ungrouped(GridShape::MNIST), Corruption::new(Noise::Block, 0.2), 3, 0);
    let hidden = two.hidden.expect("blocks are hidden");
    assert!(hidden[..784].contains(&1.0) && hidden[784..].contains(&1.0));
    assert_ne!(hidden[..784], hidden[784..]);
}

#[test]
fn device_and_host_corrupt_equally() {
    let device = Device::flex();
    let clean: Vec<f32> = (0..4 * COLOUR.len()).map(|index| (index * 37 % 101) as f32 / 100.0).collect();
    let batch = || Tensor::from_data(TensorData::new(clean.clone(), [4, COLOUR.len()]), &device);
    let floats = |tensor: Tensor<2>| tensor.into_data().try_into_vec::<f32>().expect("floats");
    for (noise, varied) in Noise::ALL.into_iter().flat_map(|noise| [(noise, true), (noise, false)]) {
        let corruption = Corruption { noise, level: LEVEL, varied };
        let mut rng = generator(9, Stream::TrainingNoise, 0);
        let Some(drawn) = DrawnNoise::draw(corruption, 4, SampleLayout::ungrouped(COLOUR), &mut rng) else { continue };
        let mut on_host = clean.clone();
        drawn.apply_to(&mut on_host);
        let hidden = drawn.hidden();
        let on_device = drawn.apply(batch(), &device);
        let alike = on_host.iter().zip(floats(on_device.input)).all(|(host, device)| (host - device).abs() < 1e-6);
        assert!(alike, "{noise:?}, varied: {varied}");
        assert_eq!(on_device.hidden.map(floats), hidden, "{noise:?}");
        assert_eq!(hidden.is_some(), noise.hides(), "{noise:?}");
    }
}

#[test]
fn a_varied_level_differs_by_picture_and_stays_below_the_level() {
    let corruption = Corruption { noise: Noise::Masking, level: 0.8, varied: true };
    let mut rng = generator(9, Stream::TrainingNoise, 0);
    let drawn = DrawnNoise::draw(corruption, 200, SampleLayout::ungrouped(grey(20, 25)), &mut rng);
    let keep = drawn.and_then(|drawn| drawn.keep).expect("masking draws a mask");
    let masked: Vec<f32> = keep.chunks(500).map(|image| share(image, 0.0)).collect();
    let mean = masked.iter().sum::<f32>() / 200.0;
    assert!((mean - 0.4).abs() < 0.06, "{mean}");
    assert!(masked.iter().any(|share| *share < 0.1) && masked.iter().any(|share| *share > 0.7));
    assert!(masked.iter().all(|share| *share < 0.9));
    let filters = |varied| {
        let corruption = Corruption { noise: Noise::Blur, level: 0.5, varied };
        let mut rng = generator(9, Stream::TrainingNoise, 0);
        let drawn = DrawnNoise::draw(corruption, 5, SampleLayout::ungrouped(COLOUR), &mut rng);
        let mut one = vec![0.0; 5 * COLOUR.len()];
        one.iter_mut().step_by(COLOUR.len()).for_each(|first| *first = 1.0);
        drawn.expect("blur does something").apply_to(&mut one);
        one.chunks(COLOUR.len()).map(|picture| picture[0]).collect::<Vec<_>>()
    };
    assert!(filters(false).windows(2).all(|pair| pair[0].to_bits() == pair[1].to_bits()));
    assert!(
        filters(true).windows(2).all(|pair| pair[0].to_bits() != pair[1].to_bits()),
        "every picture has a blur of its own"
    );
}

proptest! {
    #[test]
    fn a_random_subset_has_the_requested_size(count in 0_usize..50, all in 1_usize..50, seed: u64) {
        let chosen = random_subset(count, all, &mut generator(seed, Stream::TrainingNoise, 0));
        prop_assert_eq!((chosen.len(), chosen.iter().filter(|chosen| **chosen).count()), (all, count.min(all)));
    }
}
