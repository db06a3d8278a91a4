//! Edits of the blocks of a network.

use pinhole_protocol::{BlockPlace, BlockSpec, BottleneckSpec, DecoderSpec, NetworkSpec, Scaling};

/// Side of the network: each has its list of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Encoder,
    Decoder,
}

impl Side {
    /// Word for the side in names and ids.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Encoder => "encoder",
            Self::Decoder => "decoder",
        }
    }

    /// Place of the block of that index.
    pub const fn place(self, index: usize) -> BlockPlace {
        match self {
            Self::Encoder => BlockPlace::Encoder(index),
            Self::Decoder => BlockPlace::Decoder(index),
        }
    }

    /// Blocks of the side; none for a decoder that mirrors the encoder.
    pub fn blocks(self, network: &NetworkSpec) -> &[BlockSpec] {
        match (self, &network.decoder) {
            (Self::Encoder, _) => &network.encoder,
            (Self::Decoder, DecoderSpec::Blocks(blocks)) => blocks,
            (Self::Decoder, DecoderSpec::Mirror) => &[],
        }
    }

    fn blocks_mut(self, network: &mut NetworkSpec) -> Option<&mut Vec<BlockSpec>> {
        match (self, &mut network.decoder) {
            (Self::Encoder, _) => Some(&mut network.encoder),
            (Self::Decoder, DecoderSpec::Blocks(blocks)) => Some(blocks),
            (Self::Decoder, DecoderSpec::Mirror) => None,
        }
    }

    /// Appends a block.
    pub fn add(self, network: &mut NetworkSpec, block: BlockSpec) {
        if let Some(blocks) = self.blocks_mut(network) {
            blocks.push(block);
        }
    }

    /// Removes a block.
    pub fn remove(self, network: &mut NetworkSpec, index: usize) {
        if let Some(blocks) = self.blocks_mut(network).filter(|blocks| index < blocks.len()) {
            blocks.remove(index);
        }
    }

    /// Moves a block from one index to another.
    pub fn reorder(self, network: &mut NetworkSpec, from: usize, to: usize) {
        if let Some(blocks) = self.blocks_mut(network).filter(|blocks| from.max(to) < blocks.len()) {
            let block = blocks.remove(from);
            blocks.insert(to, block);
        }
    }

    /// Edits one block.
    pub fn change(self, network: &mut NetworkSpec, index: usize, change: impl FnOnce(&mut BlockSpec)) {
        if let Some(block) = self.blocks_mut(network).and_then(|blocks| blocks.get_mut(index)) {
            change(block);
        }
    }
}

/// Numeric settings of a block with their labels; the first one is part of its description.
pub fn numbers(block: &mut BlockSpec) -> Vec<(&'static str, &mut usize)> {
    match block {
        BlockSpec::Dense { width } => vec![("Width", width)],
        BlockSpec::Conv { channels, .. } | BlockSpec::Conv1d { channels, .. } => vec![("Channels", channels)],
        BlockSpec::Lstm { units } | BlockSpec::Gru { units } => vec![("Units", units)],
        BlockSpec::Transformer { width, heads, hidden } => {
            vec![("Width", width), ("Heads", heads), ("Hidden width", hidden)]
        }
        BlockSpec::Residual | BlockSpec::Highway => Vec::new(),
    }
}

/// Scaling of a convolution; `None` for other blocks.
pub const fn scaling(block: &mut BlockSpec) -> Option<&mut Scaling> {
    match block {
        BlockSpec::Conv { scaling, .. } | BlockSpec::Conv1d { scaling, .. } => Some(scaling),
        _ => None,
    }
}

/// Numeric settings of a bottleneck with their labels.
pub fn bottleneck_numbers(bottleneck: &mut BottleneckSpec) -> Vec<(&'static str, &mut usize)> {
    match bottleneck {
        BottleneckSpec::Dense { size, .. } | BottleneckSpec::Variational { size } => vec![("Latent size", size)],
        BottleneckSpec::Direct => Vec::new(),
        BottleneckSpec::VectorQuantised { codes, dimension } => vec![("Codes", codes), ("Dimension", dimension)],
        BottleneckSpec::Adversarial { size, hidden, .. } => {
            vec![("Latent size", size), ("Discriminator width", hidden)]
        }
        BottleneckSpec::TopK { size, active } => vec![("Latent size", size), ("Active", active)],
    }
}

/// Short description of a block, such as `Dense 128`.
pub fn describe(block: &BlockSpec) -> String {
    match numbers(&mut block.clone()).first() {
        Some((_, number)) => format!("{} {number}", block.label()),
        None => block.label().into(),
    }
}

/// Bottleneck of another kind, with the latent size of the present one.
pub fn bottleneck_of_kind(kind: &BottleneckSpec, present: &BottleneckSpec) -> BottleneckSpec {
    let mut network = NetworkSpec { bottleneck: kind.clone(), ..NetworkSpec::default() };
    if let (Some(_), Some(size)) = (kind.size(), present.size()) {
        network.set_latent_size(size);
    }
    if let BottleneckSpec::TopK { size, active } = &mut network.bottleneck {
        *active = (*active).min(*size);
    }
    network.bottleneck
}

/// Decoder with blocks of its own: the encoder's in reverse order.
pub fn own_decoder(network: &NetworkSpec) -> DecoderSpec {
    DecoderSpec::Blocks(network.encoder.iter().rev().cloned().collect())
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::Activation;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn widths(network: &NetworkSpec) -> Vec<String> {
        network.encoder.iter().map(describe).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn blocks_are_moved_changed_and_removed() {
        let mut network = NetworkSpec { encoder: NetworkSpec::dense_blocks(&[1, 2, 3]), ..NetworkSpec::default() };
        Side::Encoder.reorder(&mut network, 2, 0);
        assert_eq!(widths(&network), ["Dense 3", "Dense 1", "Dense 2"]);
        Side::Encoder.reorder(&mut network, 0, 1);
        assert_eq!(widths(&network), ["Dense 1", "Dense 3", "Dense 2"]);
        Side::Encoder.change(&mut network, 1, |block| {
            for (_, number) in numbers(block) {
                *number = 9;
            }
        });
        Side::Encoder.remove(&mut network, 0);
        Side::Encoder.add(&mut network, BlockSpec::Residual);
        assert_eq!(widths(&network), ["Dense 9", "Dense 2", "Residual"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn edits_of_absent_blocks_change_nothing() {
        let mut network = NetworkSpec::default();
        Side::Encoder.remove(&mut network, 1);
        Side::Encoder.reorder(&mut network, 0, 1);
        Side::Decoder.add(&mut network, BlockSpec::Residual);
        Side::Decoder.remove(&mut network, 0);
        assert_eq!(network, NetworkSpec::default(), "a mirrored decoder has no blocks of its own");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_own_decoder_begins_as_the_mirror() {
        let network = NetworkSpec { encoder: NetworkSpec::dense_blocks(&[512, 256]), ..NetworkSpec::default() };
        let mirrored = network.plan().expect("valid");
        let own = NetworkSpec { decoder: own_decoder(&network), ..network }.plan().expect("valid");
        assert_eq!(own.parameters(), mirrored.parameters());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn another_kind_of_bottleneck_keeps_the_latent_size() {
        let present = BottleneckSpec::Dense { size: 7, activation: Activation::Relu };
        let sizes: Vec<_> = BottleneckSpec::ALL.iter().map(|kind| bottleneck_of_kind(kind, &present).size()).collect();
        assert_eq!(sizes, [Some(7), None, Some(7), None, Some(7), Some(7)]);
        let sparse = bottleneck_of_kind(&BottleneckSpec::TopK { size: 64, active: 10 }, &present);
        assert_eq!(sparse, BottleneckSpec::TopK { size: 7, active: 7 });
    }
}
