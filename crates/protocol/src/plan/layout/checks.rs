//! Checks of networks that could be built but make no sense.

use super::NetworkPlan;
use crate::{BlockPlace, BlockSpec, DecoderSpec, GridShape, NetworkSpec, Normalisation, SpecError};

/// Largest number of values of a shape: the sum of two still fits wasm's `usize` of 32 bits.
const MAX_VALUES: usize = 1 << 30;

/// Largest number of blocks of encoder or decoder; a link may ask for more, and the page lays them out at every edit.
const MAX_BLOCKS: usize = 64;

pub(super) fn check_depth(spec: &NetworkSpec) -> Result<(), SpecError> {
    let own = match &spec.decoder {
        DecoderSpec::Mirror => 0,
        DecoderSpec::Blocks(blocks) => blocks.len(),
    };
    for (count, place) in
        [(spec.encoder.len(), BlockPlace::Encoder(MAX_BLOCKS)), (own, BlockPlace::Decoder(MAX_BLOCKS))]
    {
        if count > MAX_BLOCKS {
            let message = format!("{count} blocks are too many to learn through: use at most {MAX_BLOCKS}");
            return Err(SpecError::new("network", message).at(place));
        }
    }
    Ok(())
}

pub(super) fn check_input(input: GridShape) -> Result<(), SpecError> {
    if values(input).is_none_or(|values| values == 0) {
        return Err(SpecError::new("network.input", "an input needs at least one value, and not a thousand million"));
    }
    Ok(())
}

/// Checks the shape of a layer's output.
pub(super) fn check_width(output: GridShape) -> Result<(), SpecError> {
    match values(output) {
        Some(0) => Err(zero_width()),
        Some(_) => Ok(()),
        None => Err(SpecError::new("network", "a layer of a thousand million values fits no memory: make it narrower")),
    }
}

pub(super) fn zero_width() -> SpecError {
    SpecError::new("network", "a layer of width 0 lets nothing through: make it at least 1")
}

fn values(shape: GridShape) -> Option<usize> {
    let values = shape.channels.checked_mul(shape.height)?.checked_mul(shape.width)?;
    (values <= MAX_VALUES).then_some(values)
}

pub(super) fn check_plan(spec: &NetworkSpec, plan: &NetworkPlan) -> Result<(), SpecError> {
    if let Normalisation::Group { groups } = spec.normalisation
        && let Some(layer) = plan
            .layers
            .iter()
            .find(|layer| layer.normalisation == spec.normalisation && !layer.channels().is_multiple_of(groups.max(1)))
    {
        let channels = layer.channels();
        let nearest = (1..=groups.min(channels)).rev().find(|&groups| channels.is_multiple_of(groups)).unwrap_or(1);
        return Err(SpecError::new(
            "network.normalisation",
            format!("{groups} groups do not divide {channels} channels: take {nearest}"),
        ));
    }
    if matches!(spec.normalisation, Normalisation::Group { groups: 0 }) {
        return Err(SpecError::new("network.normalisation", "group normalisation needs at least 1 group"));
    }
    if spec.skips && !allows_skips(spec) {
        return Err(SpecError::new(
            "network.skips",
            "skips join convolutions of equal size: they need convolutional blocks and a decoder that mirrors the encoder",
        ));
    }
    let last = plan.layers.last().map(|layer| layer.output.len());
    debug_assert_eq!(last, Some(plan.input.len()), "every layout ends in the shape that it began with");
    Ok(())
}

fn allows_skips(spec: &NetworkSpec) -> bool {
    spec.decoder == DecoderSpec::Mirror && spec.encoder.iter().any(|block| matches!(block, BlockSpec::Conv { .. }))
}
