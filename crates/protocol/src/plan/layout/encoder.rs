//! Layout of the encoder's blocks.

use super::{
    EncodedBlock, GridShape, LayerKind, Layout, ShapeKind, SpecError, checks::zero_width, sequence_shape, vector_shape,
};
use crate::{BlockPlace, BlockSpec, CONV_STRIDE, Scaling};

impl Layout<'_> {
    pub(super) fn encoder(&mut self) -> Result<(), SpecError> {
        for (index, block) in self.spec.encoder.iter().enumerate() {
            self.block = Some(index);
            if block.reads_sequence() {
                self.read_as_sequence()?;
            }
            let input = (self.next, self.shape_kind);
            self.encoder_block(block).map_err(|error| error.at(BlockPlace::Encoder(index)))?;
            let last_layer = self.layers.len().saturating_sub(1);
            self.encoded_blocks.push(EncodedBlock {
                block: block.clone(),
                input,
                output: (self.next, self.shape_kind),
                last_layer,
            });
        }
        self.block = None;
        Ok(())
    }

    fn encoder_block(&mut self, block: &BlockSpec) -> Result<(), SpecError> {
        match *block {
            BlockSpec::Dense { width } => {
                self.push_hidden(LayerKind::Dense, vector_shape(width), ShapeKind::Vector)?;
            }
            BlockSpec::Conv { channels, scaling } => self.conv_down(channels, scaling)?,
            BlockSpec::Conv1d { channels, scaling } => self.conv1d_down(channels, scaling)?,
            BlockSpec::Lstm { .. }
            | BlockSpec::Gru { .. }
            | BlockSpec::Transformer { .. }
            | BlockSpec::Residual
            | BlockSpec::Highway => {
                self.size_preserving_block(block)?;
            }
        }
        Ok(())
    }

    /// Lays out a block that keeps the size, alike in encoder and decoder.
    pub(super) fn size_preserving_block(&mut self, block: &BlockSpec) -> Result<(), SpecError> {
        let steps = self.next.height;
        match *block {
            BlockSpec::Lstm { units } => {
                self.push(LayerKind::Lstm, sequence_shape(steps, units), ShapeKind::Sequence)?;
            }
            BlockSpec::Gru { units } => {
                self.push(LayerKind::Gru, sequence_shape(steps, units), ShapeKind::Sequence)?;
            }
            BlockSpec::Transformer { width, heads, hidden } => self.transformer(width, heads, hidden)?,
            BlockSpec::Residual => self.residual()?,
            BlockSpec::Highway => self.highway()?,
            BlockSpec::Dense { .. } | BlockSpec::Conv { .. } | BlockSpec::Conv1d { .. } => {}
        }
        Ok(())
    }

    fn conv_down(&mut self, channels: usize, scaling: Scaling) -> Result<(), SpecError> {
        self.require_picture()?;
        let GridShape { height, width, .. } = self.next;
        let halved = GridShape { channels, height: height.div_ceil(CONV_STRIDE), width: width.div_ceil(CONV_STRIDE) };
        if scaling != Scaling::Keep && (height < 2 || width < 2) {
            return Err(SpecError::new(
                "network",
                "too many convolutions: each halves the picture, and nothing is left to halve. Remove one, or let it keep the size",
            ));
        }
        let stride = if scaling == Scaling::Stride { CONV_STRIDE } else { 1 };
        let output = if scaling == Scaling::Stride { halved } else { GridShape { channels, height, width } };
        self.push_hidden(LayerKind::Conv { stride }, output, ShapeKind::Picture)?;
        if scaling == Scaling::Pool {
            self.push(LayerKind::MaxPool, halved, ShapeKind::Picture)?;
        }
        Ok(())
    }

    fn conv1d_down(&mut self, channels: usize, scaling: Scaling) -> Result<(), SpecError> {
        let steps = self.next.height;
        let halved = sequence_shape(steps.div_ceil(CONV_STRIDE), channels);
        if scaling != Scaling::Keep && steps < 2 {
            return Err(SpecError::new(
                "network",
                "too many 1-D convolutions: each halves the steps, and one is left. Remove one, or let it keep the size",
            ));
        }
        let stride = if scaling == Scaling::Stride { CONV_STRIDE } else { 1 };
        let output = if scaling == Scaling::Stride { halved } else { sequence_shape(steps, channels) };
        self.push_hidden(LayerKind::Conv1d { stride }, output, ShapeKind::Sequence)?;
        if scaling == Scaling::Pool {
            self.push(LayerKind::MaxPool, halved, ShapeKind::Sequence)?;
        }
        Ok(())
    }

    /// Lays out a Transformer layer; the positional encoding is added before the first of several.
    fn transformer(&mut self, width: usize, heads: usize, hidden: usize) -> Result<(), SpecError> {
        if heads == 0 || width == 0 || !width.is_multiple_of(heads) {
            let nearest = width.div_ceil(heads.max(1)).max(1).saturating_mul(heads.max(1));
            return Err(SpecError::new(
                "network",
                format!("{heads} attention heads cannot share a width of {width}: take a width of {nearest}"),
            ));
        }
        if hidden == 0 {
            return Err(zero_width());
        }
        let shape = sequence_shape(self.next.height, width);
        let continues = matches!(self.layers.last().map(|layer| layer.kind), Some(LayerKind::Transformer { .. }));
        if self.next.width != width {
            self.push(LayerKind::StepDense, shape, ShapeKind::Sequence)?;
        }
        if !continues {
            self.push(LayerKind::Positions, shape, ShapeKind::Sequence)?;
        }
        self.push(LayerKind::Transformer { heads, hidden }, shape, ShapeKind::Sequence)?;
        Ok(())
    }

    fn residual(&mut self) -> Result<(), SpecError> {
        if self.shape_kind == ShapeKind::Sequence {
            return Err(SpecError::new(
                "network",
                "a residual block reads pictures or vectors, not sequences: put a dense block before it, or use a Transformer, which has residuals of its own",
            ));
        }
        self.push_hidden(LayerKind::Residual, self.next, self.shape_kind)?;
        Ok(())
    }

    fn highway(&mut self) -> Result<(), SpecError> {
        if self.shape_kind != ShapeKind::Vector {
            return Err(SpecError::new(
                "network",
                format!(
                    "a highway block reads vectors, and its input here is a {}: put a dense block before it",
                    self.shape_kind.label()
                ),
            ));
        }
        self.push(LayerKind::Highway, self.next, ShapeKind::Vector)?;
        Ok(())
    }

    pub(super) fn require_picture(&self) -> Result<(), SpecError> {
        if self.shape_kind == ShapeKind::Picture {
            return Ok(());
        }
        let message = if self.shape_kind == ShapeKind::Vector {
            "a convolution reads pictures, and its input here is a vector, whose values have no neighbours: use a dense block, or put the convolution before the dense ones"
        } else {
            "a convolution reads pictures, and its input here is a sequence: use a 1-D convolution"
        };
        Err(SpecError::new("network", message))
    }
}
