//! Layout of a mirrored decoder: the encoder in reverse.

use super::{EncodedBlock, GridShape, LayerKind, Layout, ShapeKind, SpecError, sequence_shape};
use crate::{BlockSpec, BottleneckSpec, Scaling};

impl Layout<'_> {
    /// Lays out, in reverse order, a block per encoder block, from its output's shape to its input's.
    pub(super) fn mirror(&mut self) -> Result<(), SpecError> {
        let encoded_blocks = std::mem::take(&mut self.encoded_blocks);
        self.restore_encoder_output(&encoded_blocks)?;
        for (index, block) in encoded_blocks.iter().enumerate().rev() {
            self.block = Some(index);
            let skip = self.skip(&encoded_blocks, index);
            let first = self.layers.len();
            if let Some((_, channels)) = skip {
                self.next.channels += channels;
            }
            self.mirrored_block(block, index.checked_sub(1).and_then(|previous| encoded_blocks.get(previous)))?;
            if let (Some((from, _)), Some(layer)) = (skip, self.layers.get_mut(first)) {
                layer.skip_from = Some(from);
            }
            let input = index.checked_sub(1).map_or(self.input(), |previous| encoded_blocks[previous].output);
            self.restore_shape(input)?;
        }
        self.block = None;
        if encoded_blocks.is_empty() {
            self.push_hidden(LayerKind::Dense, self.spec.input, ShapeKind::Vector)?;
        }
        Ok(())
    }

    /// Brings the code to the shape of the encoder's output.
    fn restore_encoder_output(&mut self, encoded_blocks: &[EncodedBlock]) -> Result<(), SpecError> {
        let Some(EncodedBlock { block, output: (shape, shape_kind), .. }) = encoded_blocks.last() else {
            return Ok(());
        };
        match self.spec.bottleneck {
            BottleneckSpec::Direct => {}
            BottleneckSpec::VectorQuantised { .. } => match shape_kind {
                ShapeKind::Vector => {}
                ShapeKind::Picture => {
                    self.push_hidden(LayerKind::Conv { stride: 1 }, *shape, ShapeKind::Picture)?;
                }
                ShapeKind::Sequence if block.is_recurrent() => {}
                ShapeKind::Sequence => {
                    self.push_hidden(LayerKind::StepDense, *shape, ShapeKind::Sequence)?;
                }
            },
            _ if block.is_recurrent() => {
                let repeated = sequence_shape(shape.height, self.next.channels);
                self.push(LayerKind::Repeat, repeated, ShapeKind::Sequence)?;
            }
            _ => {
                self.push_hidden(LayerKind::Dense, *shape, *shape_kind)?;
            }
        }
        Ok(())
    }

    fn mirrored_block(&mut self, encoded: &EncodedBlock, previous: Option<&EncodedBlock>) -> Result<(), SpecError> {
        let (target, shape_kind) = encoded.input;
        match encoded.block {
            BlockSpec::Dense { .. } => {
                self.push_hidden(LayerKind::Dense, target, shape_kind)?;
            }
            BlockSpec::Conv { scaling, .. } => self.conv_up(target, scaling)?,
            BlockSpec::Conv1d { scaling, .. } => self.conv1d_up(target, scaling)?,
            BlockSpec::Residual | BlockSpec::Highway => self.size_preserving_block(&encoded.block)?,
            BlockSpec::Lstm { .. } | BlockSpec::Gru { .. } | BlockSpec::Transformer { .. } => {
                self.size_preserving_block(&encoded.block)?;
                // A previous block of the same kind reads these features as they are.
                let continues = previous.is_some_and(|previous| same_kind(&previous.block, &encoded.block));
                if !continues && self.next.width != target.width {
                    self.push_hidden(LayerKind::StepDense, target, ShapeKind::Sequence)?;
                } else if !continues && previous.is_none() {
                    // Gates and norms bound their outputs; a dense layer per step reaches every value.
                    self.push_hidden(LayerKind::StepDense, target, ShapeKind::Sequence)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn conv_up(&mut self, target: GridShape, scaling: Scaling) -> Result<(), SpecError> {
        if scaling == Scaling::Stride {
            self.push_hidden(LayerKind::ConvTranspose, target, ShapeKind::Picture)?;
            return Ok(());
        }
        if scaling == Scaling::Pool {
            let resized = GridShape { channels: self.next.channels, ..target };
            self.push(LayerKind::Resize, resized, ShapeKind::Picture)?;
        }
        self.push_hidden(LayerKind::Conv { stride: 1 }, target, ShapeKind::Picture)?;
        Ok(())
    }

    pub(super) fn conv1d_up(&mut self, target: GridShape, scaling: Scaling) -> Result<(), SpecError> {
        if scaling == Scaling::Stride {
            self.push_hidden(LayerKind::Conv1dTranspose, target, ShapeKind::Sequence)?;
            return Ok(());
        }
        if scaling == Scaling::Pool {
            self.push(LayerKind::Resize, sequence_shape(target.height, self.next.width), ShapeKind::Sequence)?;
        }
        self.push_hidden(LayerKind::Conv1d { stride: 1 }, target, ShapeKind::Sequence)?;
        Ok(())
    }

    /// Returns the encoder's layer whose feature maps the mirrored block `index` reads too, and their number of
    /// channels: the output of encoder block `index`, unless it is the code itself.
    fn skip(&self, encoded_blocks: &[EncodedBlock], index: usize) -> Option<(usize, usize)> {
        let is_code = index + 1 == encoded_blocks.len() && self.spec.bottleneck == BottleneckSpec::Direct;
        let block = &encoded_blocks[index];
        (self.spec.skips && !is_code && matches!(block.block, BlockSpec::Conv { .. }))
            .then_some((block.last_layer, block.output.0.channels))
    }

    /// Brings a sequence back to the picture or vector that it was read from.
    pub(super) fn restore_shape(&mut self, (shape, shape_kind): (GridShape, ShapeKind)) -> Result<(), SpecError> {
        match (self.shape_kind, shape_kind) {
            (ShapeKind::Sequence, ShapeKind::Picture) if shape.channels > 1 => {
                self.push(LayerKind::SequenceToPicture, shape, ShapeKind::Picture)?;
            }
            (ShapeKind::Sequence, ShapeKind::Picture | ShapeKind::Vector) => {
                (self.next, self.shape_kind) = (shape, shape_kind);
            }
            _ => {}
        }
        Ok(())
    }

    /// Ties the decoder's dense layers to the encoder's weights.
    pub(super) fn tie_weights(&mut self) -> Result<(), SpecError> {
        let is_dense = |kind| matches!(kind, LayerKind::Dense);
        let count = self.layers.len();
        let is_mirrored = self.layers.iter().enumerate().all(|(index, layer)| {
            let mirrored = &self.layers[count - 1 - index];
            is_dense(layer.kind)
                && layer.input.len() == mirrored.output.len()
                && layer.output.len() == mirrored.input.len()
        });
        let is_dense_or_top_k =
            matches!(self.spec.bottleneck, BottleneckSpec::Dense { .. } | BottleneckSpec::TopK { .. });
        let is_direct = self.spec.bottleneck == BottleneckSpec::Direct;
        if !is_mirrored || !count.is_multiple_of(2) || !(is_dense_or_top_k || is_direct) {
            return Err(SpecError::new(
                "network.tied",
                "tied weights need dense blocks only, a plain or top-k bottleneck, and a decoder that mirrors the encoder",
            ));
        }
        for index in count / 2..count {
            self.layers[index].tied_to = Some(count - 1 - index);
        }
        Ok(())
    }
}

const fn same_kind(one: &BlockSpec, other: &BlockSpec) -> bool {
    matches!(
        (one, other),
        (BlockSpec::Lstm { .. } | BlockSpec::Gru { .. }, BlockSpec::Lstm { .. } | BlockSpec::Gru { .. })
            | (BlockSpec::Transformer { .. }, BlockSpec::Transformer { .. })
    )
}
