//! Layout of the decoder: the encoder mirrored, or blocks of its own.

use super::{BlockSpec, GridShape, LayerKind, Layout, Part, ShapeKind, SpecError, sequence_shape, vector_shape};
use crate::{BlockPlace, CONV_STRIDE, DecoderSpec, Scaling};

impl Layout<'_> {
    pub(super) fn decoder(&mut self) -> Result<(), SpecError> {
        self.part = Part::Decoder;
        match &self.spec.decoder {
            DecoderSpec::Mirror => self.mirror(),
            DecoderSpec::Blocks(blocks) => {
                for (index, block) in blocks.iter().enumerate() {
                    self.block = Some(index);
                    self.decoder_block(block).map_err(|error| error.at(BlockPlace::Decoder(index)))?;
                }
                self.block = None;
                self.output_layer()
            }
        }
    }

    fn decoder_block(&mut self, block: &BlockSpec) -> Result<(), SpecError> {
        match *block {
            BlockSpec::Dense { width } => {
                self.push_hidden(LayerKind::Dense, vector_shape(width), ShapeKind::Vector)?;
            }
            BlockSpec::Conv { channels, scaling } => {
                self.read_as_picture(channels)?;
                let (height, width) = self.doubled_size(scaling)?;
                self.conv_up(GridShape { channels, height, width }, scaling)?;
            }
            BlockSpec::Conv1d { channels, scaling } => {
                self.read_as_steps(channels, scaling != Scaling::Keep, false)?;
                let (steps, _) = self.doubled_size(scaling)?;
                self.conv1d_up(sequence_shape(steps, channels), scaling)?;
            }
            BlockSpec::Lstm { units } | BlockSpec::Gru { units } => {
                self.read_as_steps(units, false, true)?;
                self.size_preserving_block(block)?;
            }
            BlockSpec::Transformer { width, .. } => {
                self.read_as_steps(width, false, false)?;
                self.size_preserving_block(block)?;
            }
            BlockSpec::Residual | BlockSpec::Highway => self.size_preserving_block(block)?,
        }
        Ok(())
    }

    /// Returns height and width after a doubling block: the next larger of the sizes that halving the input gives.
    fn doubled_size(&self, scaling: Scaling) -> Result<(usize, usize), SpecError> {
        let GridShape { height, width, .. } = self.next;
        if scaling == Scaling::Keep {
            return Ok((height, width));
        }
        let (rows, columns) = self.input_size();
        let larger = (
            next_size(height, rows),
            if self.shape_kind == ShapeKind::Picture { next_size(width, columns) } else { width },
        );
        // The smallest size that halves to `from` is `2 * from - 1`.
        let is_double = |from: usize, to: usize| to + 1 >= CONV_STRIDE * from;
        if is_double(height, larger.0) && (self.shape_kind != ShapeKind::Picture || is_double(width, larger.1)) {
            return Ok(larger);
        }
        Err(SpecError::new(
            "network",
            "too many convolutions: each doubles the size, and nothing is left to double, as the input is no larger. Remove one, or let it keep the size",
        ))
    }

    /// Height and width of the input; of a vector, its values as steps of one feature.
    fn input_size(&self) -> (usize, usize) {
        let GridShape { channels, height, width } = self.spec.input;
        if height == 1 && width == 1 { (channels, 1) } else { (height, width) }
    }

    /// Brings a vector to a small picture by a dense layer.
    fn read_as_picture(&mut self, channels: usize) -> Result<(), SpecError> {
        let GridShape { height, width, .. } = self.spec.input;
        if self.shape_kind == ShapeKind::Vector && (height > 1 || width > 1) {
            let last_maps = self.encoded_blocks.iter().rev().find(|block| block.output.1 == ShapeKind::Picture);
            let quarter = |side: usize| side.div_ceil(CONV_STRIDE).div_ceil(CONV_STRIDE);
            let start =
                last_maps.map_or(GridShape { channels, height: quarter(height), width: quarter(width) }, |block| {
                    GridShape { channels, ..block.output.0 }
                });
            self.push_hidden(LayerKind::Dense, start, ShapeKind::Picture)?;
        }
        self.require_picture()
    }

    /// Brings a vector to a sequence: repeated, or by a dense layer.
    fn read_as_steps(&mut self, features: usize, is_half: bool, is_repeated: bool) -> Result<(), SpecError> {
        if self.shape_kind != ShapeKind::Vector {
            return self.read_as_sequence();
        }
        let (rows, _) = self.input_size();
        if is_repeated {
            self.push(LayerKind::Repeat, sequence_shape(rows, self.next.channels), ShapeKind::Sequence)?;
        } else {
            let steps = if is_half { rows.div_ceil(CONV_STRIDE) } else { rows };
            self.push_hidden(LayerKind::Dense, sequence_shape(steps, features), ShapeKind::Sequence)?;
        }
        Ok(())
    }

    /// Appends the last layer: a convolution or a dense layer per step if the size is already the input's, else a dense
    /// layer.
    fn output_layer(&mut self) -> Result<(), SpecError> {
        let input = self.spec.input;
        let (rows, _) = self.input_size();
        let is_full_picture =
            self.shape_kind == ShapeKind::Picture && (self.next.height, self.next.width) == (input.height, input.width);
        if is_full_picture {
            self.push(LayerKind::Conv { stride: 1 }, input, ShapeKind::Picture)?;
        } else if self.shape_kind == ShapeKind::Sequence && self.next.height == rows {
            self.push(LayerKind::StepDense, sequence_shape(rows, input.len() / rows), ShapeKind::Sequence)?;
            self.restore_shape(self.input())?;
        } else {
            self.push(LayerKind::Dense, input, ShapeKind::Vector)?;
        }
        Ok(())
    }
}

/// Returns the next larger of the sizes that repeated halving of `full` gives.
fn next_size(size: usize, full: usize) -> usize {
    let mut candidate = full;
    while candidate.div_ceil(CONV_STRIDE) > size && candidate > 1 {
        candidate = candidate.div_ceil(CONV_STRIDE);
    }
    candidate.max(size)
}
