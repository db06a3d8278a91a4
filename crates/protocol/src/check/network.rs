//! Checks that a network fits in memory.

use super::{LIMITS, SpecError, require};
use crate::{
    BlockPlace, BottleneckPlan, DecoderSpec, Experiment, LayerPlan, MemoryEstimate, NetworkPlan, NetworkSpec, Part,
    PenaltyKind,
};

/// Largest number of samples per batch that the total correlation compares pairwise.
const COMPARED_SAMPLES: usize = 256;

pub(super) fn check_memory(experiment: &Experiment, plan: &NetworkPlan) -> Result<(), SpecError> {
    let network = &experiment.network;
    check_weights(experiment, plan).map_err(|error| match largest_layer(plan, LayerPlan::parameters) {
        Some(layer) => at_block_of(error, network, layer),
        None => error,
    })?;
    check_layers(plan).map_err(|error| match largest_layer(plan, LayerPlan::working_values) {
        Some(layer) => at_block_of(error, network, layer),
        None => error,
    })?;
    check_code(experiment, plan)?;
    check_batch(experiment, plan)
}

fn check_weights(experiment: &Experiment, plan: &NetworkPlan) -> Result<(), SpecError> {
    let (weights, estimate) = (plan.parameters(), MemoryEstimate::new(plan, &experiment.schedule));
    require(weights <= LIMITS.parameters, "network", || {
        format!(
            "this network has {} million weights and training it would take about {} GB, beyond a page's memory: use a smaller code or narrower layers (at most {} million weights)",
            weights / 1_000_000,
            estimate.weights_bytes.div_ceil(1_000_000_000),
            LIMITS.parameters / 1_000_000
        )
    })
}

/// Checks that a single sample fits in every layer.
fn check_layers(plan: &NetworkPlan) -> Result<(), SpecError> {
    let values = layer_values(plan);
    require(values <= LIMITS.batch_values, "network", || {
        format!(
            "a layer of this network holds {} million numbers for a single sample, beyond a page's memory: make it narrower, or shorten what it reads (at most {} million)",
            values / 1_000_000,
            LIMITS.batch_values / 1_000_000
        )
    })
}

/// Checks the pairwise comparisons that the bottleneck and the total correlation make.
fn check_code(experiment: &Experiment, plan: &NetworkPlan) -> Result<(), SpecError> {
    let numbers = plan.code.len();
    require(comparisons_per_sample(plan) <= LIMITS.batch_values, "network.bottleneck", || match plan.bottleneck {
        BottleneckPlan::VectorQuantised { places, .. } => format!(
            "a code of {places} places is compared with the whole codebook, beyond a page's memory: use at most {} vectors",
            LIMITS.batch_values / places.max(1)
        ),
        _ => format!(
            "a top-k code compares its {numbers} numbers pair by pair, beyond a page's memory: use at most {} numbers",
            LIMITS.batch_values.isqrt()
        ),
    })?;
    let mut penalties = experiment.objective.penalties.iter();
    let samples = experiment.schedule.batch_size.min(COMPARED_SAMPLES);
    let most = LIMITS.batch_values / (samples * samples).max(1);
    let is_within = numbers <= most || !penalties.any(|penalty| penalty.kind == PenaltyKind::TotalCorrelation);
    require(is_within, "objective.penalties", || {
        format!(
            "total correlation compares {samples} samples pair by pair in each of {numbers} numbers, beyond a page's memory: use a code of at most {most}, or smaller batches"
        )
    })
}

fn check_batch(experiment: &Experiment, plan: &NetworkPlan) -> Result<(), SpecError> {
    const FIELD: &str = "schedule.batch_size";
    let schedule = &experiment.schedule;
    let batch = schedule.batch_size;
    let most = LIMITS.batch_values / layer_values(plan).max(comparisons_per_sample(plan)).max(1);
    require(batch <= most, FIELD, || {
        format!("a batch of {batch} does not fit in memory with this network: use at most {most}")
    })?;
    let bytes = MemoryEstimate::new(plan, schedule).total_bytes();
    require(bytes <= LIMITS.memory_bytes, FIELD, || {
        format!(
            "training this network by batches of {batch} would take about {} GB, beyond a page's memory: use smaller batches (several can make one step), or fewer layers",
            bytes.div_ceil(1_000_000_000)
        )
    })
}

/// Largest number of values per sample in a tensor of any layer.
fn layer_values(plan: &NetworkPlan) -> usize {
    plan.layers.iter().map(LayerPlan::working_values).fold(plan.input.len(), usize::max)
}

/// Comparisons per sample: all pairs of values of a top-k code, or of positions and codebook vectors.
const fn comparisons_per_sample(plan: &NetworkPlan) -> usize {
    match plan.bottleneck {
        BottleneckPlan::TopK { .. } => plan.code.len().saturating_mul(plan.code.len()),
        BottleneckPlan::VectorQuantised { codes, places, .. } => codes.saturating_mul(places),
        _ => 0,
    }
}

/// Returns the first of the layers with the largest `size`.
fn largest_layer<T: Ord>(plan: &NetworkPlan, size: impl Fn(&LayerPlan) -> T) -> Option<&LayerPlan> {
    plan.layers.iter().rev().max_by_key(|layer| size(layer))
}

/// Attributes an error about `layer` to its block, or to the bottleneck.
fn at_block_of(error: SpecError, network: &NetworkSpec, layer: &LayerPlan) -> SpecError {
    let own_blocks = match &network.decoder {
        DecoderSpec::Mirror => None,
        DecoderSpec::Blocks(blocks) => Some(blocks.len()),
    };
    match *layer {
        LayerPlan { part: Part::Decoder, block, .. } if own_blocks.is_some() => {
            // The layer after the last block has the input's shape: its size comes from that block's width.
            match block.or(own_blocks.and_then(|count| count.checked_sub(1))) {
                Some(index) => error.at(BlockPlace::Decoder(index)),
                None => SpecError { field: "network.bottleneck", ..error },
            }
        }
        LayerPlan { block: Some(index), .. } => error.at(BlockPlace::Encoder(index)),
        LayerPlan { block: None, .. } => SpecError { field: "network.bottleneck", ..error },
    }
}

#[cfg(test)]
mod tests {
    use crate::{BlockPlace, BlockSpec, BottleneckSpec, Experiment, NetworkSpec, Scaling};

    #[test]
    fn an_error_about_memory_names_the_largest_layers_block() {
        let refused = |network| {
            let error = Experiment { network, ..Experiment::default() }.check().expect_err("beyond memory");
            (error.field, error.block)
        };
        let encoder = NetworkSpec::dense_blocks(&[64, 300_000]);
        let wide = NetworkSpec { encoder, ..NetworkSpec::default() };
        assert_eq!(refused(wide), ("network", Some(BlockPlace::Encoder(1))));
        let mut large_code = NetworkSpec::default();
        large_code.set_latent_size(1_000_000_000);
        assert_eq!(refused(large_code), ("network.bottleneck", None));
        let maps = BlockSpec::Conv { channels: 100_000, scaling: Scaling::Keep };
        let bottleneck = BottleneckSpec::Direct;
        let large_maps = NetworkSpec { encoder: vec![maps], bottleneck, ..NetworkSpec::default() };
        assert_eq!(refused(large_maps).1, Some(BlockPlace::Encoder(0)));
    }
}
