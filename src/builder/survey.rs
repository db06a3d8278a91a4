//! What the network makes at each station of the glass, also while something in it does not fit yet.

use pinhole_protocol::{
    BlockPlace, BottleneckPlan, BottleneckSpec, DecoderSpec, GridShape, LayerPlan, NetworkPlan, NetworkSpec,
    Normalisation, Part, SpecError,
};

use super::glass::{half_width, shape_text};
use crate::components::figures::grouped;

/// What comes out of a station, and the weights that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    pub output: GridShape,
    pub parameters: u64,
}

impl Made {
    /// In words.
    pub fn text(self) -> String {
        format!("makes {} · {} weights", shape_text(self.output), grouped(self.parameters))
    }
}

/// The layout of a network, or of as much of it as can be laid out.
pub struct Survey {
    plan: Option<NetworkPlan>,
    is_whole: bool,
    has_own_decoder: bool,
}

impl Survey {
    /// Lays the network out.
    pub fn new(network: &NetworkSpec) -> Self {
        let plan = network.plan();
        let has_own_decoder = network.decoder != DecoderSpec::Mirror;
        Self { is_whole: plan.is_ok(), plan: plan.or_else(|error| before(network, &error)).ok(), has_own_decoder }
    }

    /// The layout, if all of it fits.
    pub fn whole(&self) -> Option<&NetworkPlan> {
        self.plan.as_ref().filter(|_| self.is_whole)
    }

    /// Half the glass where so many values pass.
    pub fn half_width(&self, values: usize) -> f32 {
        half_width(values, self.plan.as_ref().map_or(values, NetworkPlan::widest))
    }

    /// What a block makes.
    pub fn block(&self, place: BlockPlace) -> Option<Made> {
        let (part, index, plan) = match place {
            BlockPlace::Encoder(index) => (Part::Encoder, index, self.plan.as_ref()),
            BlockPlace::Decoder(index) => (Part::Decoder, index, self.whole()),
        };
        made(plan?.part(part).filter(|layer| layer.block == Some(index)))
    }

    /// What the bottleneck makes: the code.
    pub fn code(&self) -> Option<Made> {
        let plan = self.whole()?;
        let codebook = match plan.bottleneck {
            BottleneckPlan::VectorQuantised { codes, dimension, .. } => (codes as u64).saturating_mul(dimension as u64),
            _ => 0,
        };
        let weights = plan.part(Part::Bottleneck).chain(&plan.log_variance).map(LayerPlan::parameters);
        Some(Made { output: plan.code, parameters: weights.fold(codebook, u64::saturating_add) })
    }

    /// Weights of what hangs on the code: the classifier, and the discriminator.
    pub fn beside_code(&self) -> [u64; 2] {
        let count = |layers: &[LayerPlan]| layers.iter().map(LayerPlan::parameters).fold(0, u64::saturating_add);
        self.whole().map_or([0; 2], |plan| [count(&plan.head), count(&plan.discriminator)])
    }

    /// The layers of the way back that no card of its own shows: all of a mirrored decoder, or what follows the last
    /// block and fits the input.
    pub fn way_back(&self) -> Vec<LayerPlan> {
        let is_unshown = |layer: &&LayerPlan| !self.has_own_decoder || layer.block.is_none();
        self.whole().map(|plan| plan.part(Part::Decoder).filter(is_unshown).copied().collect()).unwrap_or_default()
    }
}

/// The encoder's blocks that come before what does not fit, and straight back.
fn before(network: &NetworkSpec, error: &SpecError) -> Result<NetworkPlan, SpecError> {
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

fn made<'a>(layers: impl Iterator<Item = &'a LayerPlan>) -> Option<Made> {
    layers.fold(None, |made: Option<Made>, layer| {
        let parameters = made.map_or(0, |made| made.parameters).saturating_add(layer.parameters());
        Some(Made { output: layer.output, parameters })
    })
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{BlockSpec, Scaling, presets};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::builder::blocks::Side;

    fn values(made: Option<Made>) -> Option<usize> {
        made.map(|made| made.output.len())
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn every_weight_is_shown_at_one_station() {
        for preset in presets() {
            let network = preset.experiment.network;
            let survey = Survey::new(&network);
            let plan = survey.whole().expect("a preset is valid");
            let own_blocks = match &network.decoder {
                DecoderSpec::Mirror => 0,
                DecoderSpec::Blocks(blocks) => blocks.len(),
            };
            let places = (0..network.encoder.len()).map(BlockPlace::Encoder);
            let places = places.chain((0..own_blocks).map(BlockPlace::Decoder));
            let blocks = places.filter_map(|place| survey.block(place));
            let shown = blocks.chain(survey.code()).map(|made| made.parameters).sum::<u64>()
                + survey.way_back().iter().map(LayerPlan::parameters).sum::<u64>()
                + survey.beside_code().iter().sum::<u64>()
                + u64::from(plan.learnt_variance);
            assert_eq!(shown, plan.parameters(), "{}", preset.name);
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn own_blocks_of_a_decoder_have_stations_too() {
        let decoder = DecoderSpec::Blocks(NetworkSpec::dense_blocks(&[128, 512]));
        let survey = Survey::new(&NetworkSpec { decoder, ..NetworkSpec::default() });
        let made = [0, 1].map(|index| values(survey.block(Side::Decoder.place(index))));
        assert_eq!(made, [Some(128), Some(512)]);
        assert_eq!(survey.way_back().iter().map(|layer| layer.output.len()).collect::<Vec<_>>(), [784]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_comes_before_a_mistake_is_still_shown() {
        let mut network = NetworkSpec { encoder: NetworkSpec::dense_blocks(&[256]), ..NetworkSpec::default() };
        network.encoder.push(BlockSpec::Conv { channels: 8, scaling: Scaling::Stride });
        let survey = Survey::new(&network);
        assert!(survey.whole().is_none());
        assert_eq!(values(survey.block(BlockPlace::Encoder(0))), Some(256));
        assert_eq!(values(survey.block(BlockPlace::Encoder(1))), None);
        assert_eq!(survey.code(), None);
    }
}
