//! Every latent number changed alone.

use pinhole_latent::Vectors;
use pinhole_protocol::{
    Floats,
    latent::{DecodedSamples, DimensionWalk, Walks},
};
use pinhole_table::preparation::ColumnEncoder;

use super::{JobControl, LatentModel, OpenVectors};
use crate::EngineError;

/// Latent numbers that are walked, at most: those of the greatest variance.
const MAX_DIMENSIONS: usize = 64;
/// Vectors of which variances and percentiles are taken, at most.
const MAX_MEASURED: usize = 10_000;
/// Percentiles between which a number is changed.
const PERCENTILES: [f64; 2] = [0.01, 0.99];
/// Share of the greatest variance, and of the greatest effect, below which a number is dead.
const DEAD_VARIANCE_SHARE: f32 = 1e-3;
const DEAD_EFFECT_SHARE: f32 = 0.01;

/// Spread of one latent number.
struct Spread {
    dimension: usize,
    low: f32,
    high: f32,
    variance: f32,
}

/// Changes every latent number of `code` alone, in `steps` steps, and decodes it.
///
/// # Errors
/// When a code alone cannot be decoded, or the device fails.
pub async fn walks(
    open: &OpenVectors,
    code: Vec<f32>,
    steps: usize,
    control: &JobControl,
) -> Result<Walks, EngineError> {
    let model = open.model()?;
    model.require_decoding()?;
    let steps = steps.clamp(2, 64);
    let mut dimensions = Vec::new();
    for spread in spreads(&open.vectors, &code) {
        let step = |step: usize| {
            let mut moved = code.clone();
            moved[spread.dimension] = spread.low + (spread.high - spread.low) * step as f32 / (steps - 1) as f32;
            moved
        };
        let codes: Vec<f32> = (0..steps).flat_map(step).collect();
        let values = model.decode(&codes, control).await?;
        let width = model.input_width();
        let (low, high) = (&values[..width], &values[values.len() - width..]);
        let squares: f64 = low.iter().zip(high).map(|(low, high)| f64::from(high - low).powi(2)).sum();
        dimensions.push(DimensionWalk {
            dimension: spread.dimension,
            low: spread.low,
            high: spread.high,
            variance: spread.variance,
            effect: (squares / width as f64).sqrt() as f32,
            is_dead: false,
            change: Floats(change(model, low, high)),
            samples: DecodedSamples { count: steps, codes: Floats(codes), content: model.content(&values) },
        });
    }
    mark_dead(&mut dimensions);
    dimensions.sort_by(|one, other| other.effect.total_cmp(&one.effect));
    Ok(Walks { width: code.len(), code: Floats(code), dimensions })
}

fn mark_dead(dimensions: &mut [DimensionWalk]) {
    let greatest = |value: fn(&DimensionWalk) -> f32| dimensions.iter().map(value).fold(0.0, f32::max);
    let (variance, effect) = (greatest(|walk| walk.variance), greatest(|walk| walk.effect));
    for walk in dimensions {
        walk.is_dead = walk.variance <= DEAD_VARIANCE_SHARE * variance || walk.effect <= DEAD_EFFECT_SHARE * effect;
    }
}

/// Variance and percentiles of the latent numbers of the greatest variance; the range holds the code's own number.
fn spreads(vectors: &Vectors, code: &[f32]) -> Vec<Spread> {
    let stride = vectors.len().div_ceil(MAX_MEASURED).max(1);
    let rows = || vectors.rows().step_by(stride);
    let count = rows().len() as f64;
    let (mut sums, mut squares) = (vec![0.0_f64; vectors.width()], vec![0.0_f64; vectors.width()]);
    for row in rows() {
        for ((sum, square), &value) in sums.iter_mut().zip(&mut squares).zip(row) {
            *sum += f64::from(value);
            *square += f64::from(value).powi(2);
        }
    }
    let variance = |dimension: usize| (squares[dimension] / count - (sums[dimension] / count).powi(2)).max(0.0) as f32;
    let mut dimensions: Vec<(usize, f32)> = (0..vectors.width()).map(|each| (each, variance(each))).collect();
    dimensions.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    dimensions.truncate(MAX_DIMENSIONS);
    let spread = |(dimension, variance): (usize, f32)| {
        let mut values: Vec<f32> = rows().map(|row| row[dimension]).collect();
        let last = values.len() - 1;
        let [low, high] = PERCENTILES.map(|share| {
            let place = (share * last as f64).round() as usize;
            *values.select_nth_unstable_by(place, f32::total_cmp).1
        });
        Spread { dimension, low: low.min(code[dimension]), high: high.max(code[dimension]), variance }
    };
    dimensions.into_iter().map(spread).collect()
}

/// Change of each output value: of every pixel of the first channel, or of every column, as a share of its range.
fn change(model: &LatentModel, low: &[f32], high: &[f32]) -> Vec<f32> {
    let preparation = match model {
        LatentModel::Network { rows: None, model } => {
            let shape = model.experiment().plan().input;
            let plane = shape.height * shape.width;
            return low.iter().zip(high).take(plane).map(|(low, high)| (high - low).abs().min(1.0)).collect();
        }
        LatentModel::Network { rows: Some(rows), .. } => &rows.preparation,
        LatentModel::Detector(autoencoder) => autoencoder.detector().preparation(),
    };
    let columns = match model {
        LatentModel::Network { rows, .. } => rows.as_ref().map_or(0, |rows| rows.columns.len()),
        LatentModel::Detector(autoencoder) => autoencoder.columns().len(),
    };
    let groups = preparation.groups();
    let column = |index: usize| {
        let own = groups[index].features.clone();
        let (low, high) = (&low[own.clone()], &high[own]);
        let largest = low.iter().zip(high).map(|(low, high)| (high - low).abs()).fold(0.0, f32::max);
        let range = match &preparation.columns[index].encoder {
            ColumnEncoder::Number(scaler) => scaler.observed.map_or(1.0, |observed| observed.max - observed.min),
            _ => 1.0,
        };
        match (preparation.number(index, low), preparation.number(index, high)) {
            (Some(low), Some(high)) if range > 0.0 => ((high - low).abs() / range).min(1.0) as f32,
            _ => largest.min(1.0),
        }
    };
    (0..columns).map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_of_a_number_leaves_strays_out_and_holds_the_code() {
        let mut values: Vec<f32> = (0..101).flat_map(|value| [value as f32, 5.0]).collect();
        values.extend([1e6, 5.0]);
        let vectors = Vectors::new(values, 2).expect("they are whole");
        let found = spreads(&vectors, &[-3.0, 5.0]);
        assert_eq!((found[0].dimension, found[0].low, found[0].high), (0, -3.0, 100.0));
        assert_eq!((found[1].dimension, found[1].low, found[1].high, found[1].variance), (1, 5.0, 5.0, 0.0));
    }
}
