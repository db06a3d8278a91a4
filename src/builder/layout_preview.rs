//! Preview of the network's layout: the output of each stage, also while a later block does not fit.

use pinhole_protocol::{
    BlockPlace, BottleneckPlan, BottleneckSpec, DecoderSpec, GridShape, LayerPlan, NetworkPlan, NetworkSpec,
    Normalisation, Part, SpecError,
};

use super::layer_text::shape_text;
use crate::components::format::grouped;

/// Output shape and number of parameters of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageOutput {
    pub output: GridShape,
    pub parameters: u64,
}

impl StageOutput {
    /// Text on the card.
    pub fn text(self) -> String {
        format!("output {} · {} weights", shape_text(self.output), grouped(self.parameters))
    }
}

/// Layout of a network, or of the blocks before the first error.
pub struct LayoutPreview {
    plan: Option<NetworkPlan>,
    is_complete: bool,
    has_own_decoder: bool,
}

impl LayoutPreview {
    /// Lays out a network.
    pub fn new(network: &NetworkSpec) -> Self {
        let plan = network.plan();
        let has_own_decoder = network.decoder != DecoderSpec::Mirror;
        Self {
            is_complete: plan.is_ok(),
            plan: plan.or_else(|error| plan_before_error(network, &error)).ok(),
            has_own_decoder,
        }
    }

    /// Plan of the network, if all of it fits.
    pub fn complete_plan(&self) -> Option<&NetworkPlan> {
        self.plan.as_ref().filter(|_| self.is_complete)
    }

    /// Output of a block.
    pub fn block(&self, place: BlockPlace) -> Option<StageOutput> {
        let (part, index, plan) = match place {
            BlockPlace::Encoder(index) => (Part::Encoder, index, self.plan.as_ref()),
            BlockPlace::Decoder(index) => (Part::Decoder, index, self.complete_plan()),
        };
        stage_output(plan?.part(part).filter(|layer| layer.block == Some(index)))
    }

    /// Output of the bottleneck: the code.
    pub fn code(&self) -> Option<StageOutput> {
        let plan = self.complete_plan()?;
        let codebook = match plan.bottleneck {
            BottleneckPlan::VectorQuantised { codes, dimension, .. } => (codes as u64).saturating_mul(dimension as u64),
            _ => 0,
        };
        let weights = plan.part(Part::Bottleneck).chain(&plan.log_variance).map(LayerPlan::parameters);
        Some(StageOutput { output: plan.code, parameters: weights.fold(codebook, u64::saturating_add) })
    }

    /// Numbers of parameters of the classifier head, of the regression head and of the discriminator.
    pub fn auxiliary_parameters(&self) -> [u64; 3] {
        let count = |layers: &[LayerPlan]| layers.iter().map(LayerPlan::parameters).fold(0, u64::saturating_add);
        self.complete_plan()
            .map_or([0; 3], |plan| [count(&plan.head), count(plan.regression.as_slice()), count(&plan.discriminator)])
    }

    /// Layers of the decoder that have no card of their own: all of a mirrored decoder, or those that the layout adds
    /// after the last block.
    pub fn layers_without_card(&self) -> Vec<LayerPlan> {
        let has_no_card = |layer: &&LayerPlan| !self.has_own_decoder || layer.block.is_none();
        self.complete_plan()
            .map(|plan| plan.part(Part::Decoder).filter(has_no_card).copied().collect())
            .unwrap_or_default()
    }
}

/// Plan of the encoder's blocks before the error, without a bottleneck and with a mirrored decoder.
fn plan_before_error(network: &NetworkSpec, error: &SpecError) -> Result<NetworkPlan, SpecError> {
    let fitting = match error.block {
        Some(BlockPlace::Encoder(index)) => index.min(network.encoder.len()),
        _ => network.encoder.len(),
    };
    NetworkSpec {
        input: network.input,
        encoder: network.encoder[..fitting].to_vec(),
        bottleneck: BottleneckSpec::Direct,
        normalisation: Normalisation::None,
        ..NetworkSpec::default()
    }
    .plan()
}

/// Output of the last of some layers, and the parameters of all of them.
fn stage_output<'a>(layers: impl Iterator<Item = &'a LayerPlan>) -> Option<StageOutput> {
    layers.fold(None, |before: Option<StageOutput>, layer| {
        let parameters = before.map_or(0, |stage| stage.parameters).saturating_add(layer.parameters());
        Some(StageOutput { output: layer.output, parameters })
    })
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{BlockSpec, Scaling, presets};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::builder::blocks::Side;

    fn values(stage: Option<StageOutput>) -> Option<usize> {
        stage.map(|stage| stage.output.len())
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn every_parameter_belongs_to_one_stage() {
        for preset in presets() {
            let network = preset.experiment.network;
            let layout = LayoutPreview::new(&network);
            let plan = layout.complete_plan().expect("a preset is valid");
            let own_blocks = match &network.decoder {
                DecoderSpec::Mirror => 0,
                DecoderSpec::Blocks(blocks) => blocks.len(),
            };
            let places = (0..network.encoder.len()).map(BlockPlace::Encoder);
            let places = places.chain((0..own_blocks).map(BlockPlace::Decoder));
            let blocks = places.filter_map(|place| layout.block(place));
            let shown = blocks.chain(layout.code()).map(|stage| stage.parameters).sum::<u64>()
                + layout.layers_without_card().iter().map(LayerPlan::parameters).sum::<u64>()
                + layout.auxiliary_parameters().iter().sum::<u64>()
                + u64::from(plan.learnt_variance);
            assert_eq!(shown, plan.parameters(), "{}", preset.name);
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn own_blocks_of_a_decoder_are_stages_too() {
        let decoder = DecoderSpec::Blocks(NetworkSpec::dense_blocks(&[128, 512]));
        let layout = LayoutPreview::new(&NetworkSpec { decoder, ..NetworkSpec::default() });
        let outputs = [0, 1].map(|index| values(layout.block(Side::Decoder.place(index))));
        assert_eq!(outputs, [Some(128), Some(512)]);
        assert_eq!(layout.layers_without_card().iter().map(|layer| layer.output.len()).collect::<Vec<_>>(), [784]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn blocks_before_an_error_are_laid_out() {
        let mut network = NetworkSpec { encoder: NetworkSpec::dense_blocks(&[256]), ..NetworkSpec::default() };
        network.encoder.push(BlockSpec::Conv { channels: 8, scaling: Scaling::Stride });
        let layout = LayoutPreview::new(&network);
        assert!(layout.complete_plan().is_none());
        assert_eq!(values(layout.block(BlockPlace::Encoder(0))), Some(256));
        assert_eq!(values(layout.block(BlockPlace::Encoder(1))), None);
        assert_eq!(layout.code(), None);
    }
}
