//! Blocks on the way down.

use super::{Form, GridShape, LayerKind, Layout, Passed, SpecError, checks::zero_width, sequence_shape, vector_shape};
use crate::{BlockPlace, BlockSpec, CONV_STRIDE, Scaling};

impl Layout<'_> {
    pub(super) fn encoder(&mut self) -> Result<(), SpecError> {
        for (index, block) in self.spec.encoder.iter().enumerate() {
            self.block = Some(index);
            if block.reads_sequence() {
                self.read_as_sequence()?;
            }
            let before = (self.next, self.form);
            self.down(block).map_err(|error| error.at(BlockPlace::Encoder(index)))?;
            let layer = self.layers.len().saturating_sub(1);
            self.passed.push(Passed { block: block.clone(), before, after: (self.next, self.form), layer });
        }
        self.block = None;
        Ok(())
    }

    fn down(&mut self, block: &BlockSpec) -> Result<(), SpecError> {
        match *block {
            BlockSpec::Dense { width } => {
                self.push_hidden(LayerKind::Dense, vector_shape(width), Form::Vector)?;
            }
            BlockSpec::Conv { channels, scaling } => self.conv_down(channels, scaling)?,
            BlockSpec::Conv1d { channels, scaling } => self.conv1d_down(channels, scaling)?,
            BlockSpec::Lstm { .. }
            | BlockSpec::Gru { .. }
            | BlockSpec::Transformer { .. }
            | BlockSpec::Residual
            | BlockSpec::Highway => {
                self.same_size(block)?;
            }
        }
        Ok(())
    }

    /// Blocks that are the same on the way down and up.
    pub(super) fn same_size(&mut self, block: &BlockSpec) -> Result<(), SpecError> {
        let steps = self.next.height;
        match *block {
            BlockSpec::Lstm { units } => {
                self.push(LayerKind::Lstm, sequence_shape(steps, units), Form::Sequence)?;
            }
            BlockSpec::Gru { units } => {
                self.push(LayerKind::Gru, sequence_shape(steps, units), Form::Sequence)?;
            }
            BlockSpec::Transformer { width, heads, hidden } => self.transformer(width, heads, hidden)?,
            BlockSpec::Residual => self.residual()?,
            BlockSpec::Highway => self.highway()?,
            BlockSpec::Dense { .. } | BlockSpec::Conv { .. } | BlockSpec::Conv1d { .. } => {}
        }
        Ok(())
    }

    fn conv_down(&mut self, channels: usize, scaling: Scaling) -> Result<(), SpecError> {
        self.demand_picture()?;
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
        self.push_hidden(LayerKind::Conv { stride }, output, Form::Picture)?;
        if scaling == Scaling::Pool {
            self.push(LayerKind::MaxPool, halved, Form::Picture)?;
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
        self.push_hidden(LayerKind::Conv1d { stride }, output, Form::Sequence)?;
        if scaling == Scaling::Pool {
            self.push(LayerKind::MaxPool, halved, Form::Sequence)?;
        }
        Ok(())
    }

    /// Positions are added once, where a run of Transformer layers begins.
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
        let goes_on = matches!(self.layers.last().map(|layer| layer.kind), Some(LayerKind::Transformer { .. }));
        if self.next.width != width {
            self.push(LayerKind::StepDense, shape, Form::Sequence)?;
        }
        if !goes_on {
            self.push(LayerKind::Positions, shape, Form::Sequence)?;
        }
        self.push(LayerKind::Transformer { heads, hidden }, shape, Form::Sequence)?;
        Ok(())
    }

    fn residual(&mut self) -> Result<(), SpecError> {
        if self.form == Form::Sequence {
            return Err(SpecError::new(
                "network",
                "a residual block reads pictures or vectors, not sequences: put a dense block before it, or use a Transformer, which has residuals of its own",
            ));
        }
        self.push_hidden(LayerKind::Residual, self.next, self.form)?;
        Ok(())
    }

    fn highway(&mut self) -> Result<(), SpecError> {
        if self.form != Form::Vector {
            return Err(SpecError::new(
                "network",
                format!(
                    "a highway block reads vectors, and here comes a {}: put a dense block before it",
                    self.form.label()
                ),
            ));
        }
        self.push(LayerKind::Highway, self.next, Form::Vector)?;
        Ok(())
    }

    pub(super) fn demand_picture(&self) -> Result<(), SpecError> {
        if self.form == Form::Picture {
            return Ok(());
        }
        let what = if self.form == Form::Vector {
            "a convolution reads pictures, and here comes a vector, whose values have no neighbours: use a dense block, or put the convolution before the dense ones"
        } else {
            "a convolution reads pictures, and here comes a sequence: use a 1-D convolution"
        };
        Err(SpecError::new("network", what))
    }
}
