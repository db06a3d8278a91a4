//! The way back: the encoder in reverse, or blocks of its own.

use super::{BlockSpec, Form, GridShape, LayerKind, Layout, Part, SpecError, sequence_shape, vector_shape};
use crate::{BlockPlace, CONV_STRIDE, DecoderSpec, Scaling};

impl Layout<'_> {
    pub(super) fn decoder(&mut self) -> Result<(), SpecError> {
        self.part = Part::Decoder;
        match &self.spec.decoder {
            DecoderSpec::Mirror => self.mirror(),
            DecoderSpec::Blocks(blocks) => {
                for (index, block) in blocks.iter().enumerate() {
                    self.block = Some(index);
                    self.build_up(block).map_err(|error| error.at(BlockPlace::Decoder(index)))?;
                }
                self.block = None;
                self.reach_input()
            }
        }
    }

    fn build_up(&mut self, block: &BlockSpec) -> Result<(), SpecError> {
        match *block {
            BlockSpec::Dense { width } => {
                self.push_hidden(LayerKind::Dense, vector_shape(width), Form::Vector)?;
            }
            BlockSpec::Conv { channels, scaling } => {
                self.read_as_picture(channels)?;
                let (height, width) = self.larger(scaling)?;
                self.conv_up(GridShape { channels, height, width }, scaling)?;
            }
            BlockSpec::Conv1d { channels, scaling } => {
                self.read_as_steps(channels, scaling != Scaling::Keep, false)?;
                let (steps, _) = self.larger(scaling)?;
                self.conv1d_up(sequence_shape(steps, channels), scaling)?;
            }
            BlockSpec::Lstm { units } | BlockSpec::Gru { units } => {
                self.read_as_steps(units, false, true)?;
                self.same_size(block)?;
            }
            BlockSpec::Transformer { width, .. } => {
                self.read_as_steps(width, false, false)?;
                self.same_size(block)?;
            }
            BlockSpec::Residual | BlockSpec::Highway => self.same_size(block)?,
        }
        Ok(())
    }

    /// The sizes that halving the input passes through, from the smallest: what doubling has to hit.
    fn larger(&self, scaling: Scaling) -> Result<(usize, usize), SpecError> {
        let GridShape { height, width, .. } = self.next;
        if scaling == Scaling::Keep {
            return Ok((height, width));
        }
        let (rows, columns) = self.input_size();
        let larger =
            (next_size(height, rows), if self.form == Form::Picture { next_size(width, columns) } else { width });
        // What halves to `from` has at least this size.
        let is_double = |from: usize, to: usize| to + 1 >= CONV_STRIDE * from;
        if is_double(height, larger.0) && (self.form != Form::Picture || is_double(width, larger.1)) {
            return Ok(larger);
        }
        Err(SpecError::new(
            "network",
            "too many convolutions: each doubles the size, and nothing is left to double, as the input is no larger. Remove one, or let it keep the size",
        ))
    }

    /// Rows and columns of a picture, or steps and features.
    fn input_size(&self) -> (usize, usize) {
        let GridShape { channels, height, width } = self.spec.input;
        if height == 1 && width == 1 { (channels, 1) } else { (height, width) }
    }

    /// A vector becomes a small picture by a dense layer.
    fn read_as_picture(&mut self, channels: usize) -> Result<(), SpecError> {
        let GridShape { height, width, .. } = self.spec.input;
        if self.form == Form::Vector && (height > 1 || width > 1) {
            let encoded = self.passed.iter().rev().find(|passed| passed.after.1 == Form::Picture);
            let quarter = |side: usize| side.div_ceil(CONV_STRIDE).div_ceil(CONV_STRIDE);
            let start =
                encoded.map_or(GridShape { channels, height: quarter(height), width: quarter(width) }, |passed| {
                    GridShape { channels, ..passed.after.0 }
                });
            self.push_hidden(LayerKind::Dense, start, Form::Picture)?;
        }
        self.demand_picture()
    }

    /// A vector becomes a sequence: repeated, or by a dense layer.
    fn read_as_steps(&mut self, features: usize, is_half: bool, is_repeated: bool) -> Result<(), SpecError> {
        if self.form != Form::Vector {
            return self.read_as_sequence();
        }
        let (rows, _) = self.input_size();
        if is_repeated {
            self.push(LayerKind::Repeat, sequence_shape(rows, self.next.channels), Form::Sequence)?;
        } else {
            let steps = if is_half { rows.div_ceil(CONV_STRIDE) } else { rows };
            self.push_hidden(LayerKind::Dense, sequence_shape(steps, features), Form::Sequence)?;
        }
        Ok(())
    }

    /// The last layer: a convolution or a layer for each step where the size is already right, else a dense one.
    fn reach_input(&mut self) -> Result<(), SpecError> {
        let input = self.spec.input;
        let (rows, _) = self.input_size();
        let is_full_picture =
            self.form == Form::Picture && (self.next.height, self.next.width) == (input.height, input.width);
        if is_full_picture {
            self.push(LayerKind::Conv { stride: 1 }, input, Form::Picture)?;
        } else if self.form == Form::Sequence && self.next.height == rows {
            self.push(LayerKind::StepDense, sequence_shape(rows, input.len() / rows), Form::Sequence)?;
            self.return_to(self.input())?;
        } else {
            self.push(LayerKind::Dense, input, Form::Vector)?;
        }
        Ok(())
    }
}

/// The next larger size on the way from `full` down by halves.
fn next_size(size: usize, full: usize) -> usize {
    let mut candidate = full;
    while candidate.div_ceil(CONV_STRIDE) > size && candidate > 1 {
        candidate = candidate.div_ceil(CONV_STRIDE);
    }
    candidate.max(size)
}
