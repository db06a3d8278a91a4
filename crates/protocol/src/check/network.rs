//! Whether a network fits in memory.

use super::{LIMITS, SpecError, demand};
use crate::{
    BlockPlace, BottleneckPlan, DecoderSpec, Experiment, LayerPlan, MemoryEstimate, NetworkPlan, NetworkSpec, Part,
    PenaltyKind,
};

/// Samples that the total correlation compares pair by pair.
const COMPARED_SAMPLES: usize = 256;

pub(super) fn check_memory(experiment: &Experiment, plan: &NetworkPlan) -> Result<(), SpecError> {
    let network = &experiment.network;
    check_weights(experiment, plan).map_err(|error| match heaviest(plan, LayerPlan::parameters) {
        Some(layer) => blame(error, network, layer),
        None => error,
    })?;
    check_layers(plan).map_err(|error| match heaviest(plan, LayerPlan::working_values) {
        Some(layer) => blame(error, network, layer),
        None => error,
    })?;
    check_code(experiment, plan)?;
    check_batch(experiment, plan)
}

fn check_weights(experiment: &Experiment, plan: &NetworkPlan) -> Result<(), SpecError> {
    let (weights, estimate) = (plan.parameters(), MemoryEstimate::new(plan, &experiment.schedule));
    demand(weights <= LIMITS.parameters, "network", || {
        format!(
            "this network has {} million weights and training it would take about {} GB, beyond a page's memory: use a smaller code or narrower layers (at most {} million weights)",
            weights / 1_000_000,
            estimate.weights_bytes.div_ceil(1_000_000_000),
            LIMITS.parameters / 1_000_000
        )
    })
}

/// One sample must pass every layer.
fn check_layers(plan: &NetworkPlan) -> Result<(), SpecError> {
    let values = layer_values(plan);
    demand(values <= LIMITS.batch_values, "network", || {
        format!(
            "a layer of this network holds {} million numbers for a single sample, beyond a page's memory: make it narrower, or shorten what it reads (at most {} million)",
            values / 1_000_000,
            LIMITS.batch_values / 1_000_000
        )
    })
}

/// What is compared to make a code, and to judge it.
fn check_code(experiment: &Experiment, plan: &NetworkPlan) -> Result<(), SpecError> {
    let numbers = plan.code.len();
    demand(compared(plan) <= LIMITS.batch_values, "network.bottleneck", || match plan.bottleneck {
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
    demand(is_within, "objective.penalties", || {
        format!(
            "total correlation compares {samples} samples pair by pair in each of {numbers} numbers, beyond a page's memory: use a code of at most {most}, or smaller batches"
        )
    })
}

fn check_batch(experiment: &Experiment, plan: &NetworkPlan) -> Result<(), SpecError> {
    const FIELD: &str = "schedule.batch_size";
    let schedule = &experiment.schedule;
    let batch = schedule.batch_size;
    let most = LIMITS.batch_values / layer_values(plan).max(compared(plan)).max(1);
    demand(batch <= most, FIELD, || {
        format!("a batch of {batch} does not fit in memory with this network: use at most {most}")
    })?;
    let bytes = MemoryEstimate::new(plan, schedule).total_bytes();
    demand(bytes <= LIMITS.memory_bytes, FIELD, || {
        format!(
            "training this network by batches of {batch} would take about {} GB, beyond a page's memory: use smaller batches (several can make one step), or fewer layers",
            bytes.div_ceil(1_000_000_000)
        )
    })
}

/// Most values that one sample takes in any layer.
fn layer_values(plan: &NetworkPlan) -> usize {
    plan.layers.iter().map(LayerPlan::working_values).fold(plan.input.len(), usize::max)
}

/// What is compared for each sample: the numbers of a top-k code with one another, or places with codebook vectors.
const fn compared(plan: &NetworkPlan) -> usize {
    match plan.bottleneck {
        BottleneckPlan::TopK { .. } => plan.code.len().saturating_mul(plan.code.len()),
        BottleneckPlan::VectorQuantised { codes, places, .. } => codes.saturating_mul(places),
        _ => 0,
    }
}

/// The first of the layers with the most of something.
fn heaviest<T: Ord>(plan: &NetworkPlan, weigh: impl Fn(&LayerPlan) -> T) -> Option<&LayerPlan> {
    plan.layers.iter().rev().max_by_key(|layer| weigh(layer))
}

/// Puts an error about `layer` at its block, or at the code.
fn blame(error: SpecError, network: &NetworkSpec, layer: &LayerPlan) -> SpecError {
    let own_blocks = match &network.decoder {
        DecoderSpec::Mirror => None,
        DecoderSpec::Blocks(blocks) => Some(blocks.len()),
    };
    match *layer {
        LayerPlan { part: Part::Decoder, block, .. } if own_blocks.is_some() => {
            // What follows the last block fits the input: the block's width is what makes it large.
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
    fn a_network_beyond_memory_is_blamed_on_its_heaviest_part() {
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
