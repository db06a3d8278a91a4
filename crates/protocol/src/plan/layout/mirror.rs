//! The encoder in reverse.

use super::{Form, GridShape, LayerKind, Layout, Passed, SpecError, sequence_shape};
use crate::{BlockSpec, BottleneckSpec, Scaling};

impl Layout<'_> {
    /// Each block leads back from what it made to what it read.
    pub(super) fn mirror(&mut self) -> Result<(), SpecError> {
        let passed = std::mem::take(&mut self.passed);
        self.unfold_code(&passed)?;
        for (index, block) in passed.iter().enumerate().rev() {
            self.block = Some(index);
            let skip = self.skip(&passed, index);
            let first = self.layers.len();
            if let Some((_, channels)) = skip {
                self.next.channels += channels;
            }
            self.up(block, index.checked_sub(1).and_then(|before| passed.get(before)))?;
            if let (Some((from, _)), Some(layer)) = (skip, self.layers.get_mut(first)) {
                layer.skip_from = Some(from);
            }
            let made = index.checked_sub(1).map_or(self.input(), |before| passed[before].after);
            self.return_to(made)?;
        }
        self.block = None;
        if passed.is_empty() {
            self.push_hidden(LayerKind::Dense, self.spec.input, Form::Vector)?;
        }
        Ok(())
    }

    /// From the code to what the encoder ended with.
    fn unfold_code(&mut self, passed: &[Passed]) -> Result<(), SpecError> {
        let Some(Passed { block, after: (shape, form), .. }) = passed.last() else { return Ok(()) };
        match self.spec.bottleneck {
            BottleneckSpec::Direct => {}
            BottleneckSpec::VectorQuantised { .. } => match form {
                Form::Vector => {}
                Form::Picture => {
                    self.push_hidden(LayerKind::Conv { stride: 1 }, *shape, Form::Picture)?;
                }
                Form::Sequence if block.is_recurrent() => {}
                Form::Sequence => {
                    self.push_hidden(LayerKind::StepDense, *shape, Form::Sequence)?;
                }
            },
            _ if block.is_recurrent() => {
                let repeated = sequence_shape(shape.height, self.next.channels);
                self.push(LayerKind::Repeat, repeated, Form::Sequence)?;
            }
            _ => {
                self.push_hidden(LayerKind::Dense, *shape, *form)?;
            }
        }
        Ok(())
    }

    fn up(&mut self, passed: &Passed, before: Option<&Passed>) -> Result<(), SpecError> {
        let (target, form) = passed.before;
        match passed.block {
            BlockSpec::Dense { .. } => {
                self.push_hidden(LayerKind::Dense, target, form)?;
            }
            BlockSpec::Conv { scaling, .. } => self.conv_up(target, scaling)?,
            BlockSpec::Conv1d { scaling, .. } => self.conv1d_up(target, scaling)?,
            BlockSpec::Residual | BlockSpec::Highway => self.same_size(&passed.block)?,
            BlockSpec::Lstm { .. } | BlockSpec::Gru { .. } | BlockSpec::Transformer { .. } => {
                self.same_size(&passed.block)?;
                // The block before, if it is of the same kind, takes these features as they are.
                let goes_on = before.is_some_and(|before| same_kind(&before.block, &passed.block));
                if !goes_on && self.next.width != target.width {
                    self.push_hidden(LayerKind::StepDense, target, Form::Sequence)?;
                } else if !goes_on && before.is_none() {
                    // Gates and norms bound their outputs: a layer of its own reaches every value.
                    self.push_hidden(LayerKind::StepDense, target, Form::Sequence)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn conv_up(&mut self, target: GridShape, scaling: Scaling) -> Result<(), SpecError> {
        if scaling == Scaling::Stride {
            self.push_hidden(LayerKind::ConvTranspose, target, Form::Picture)?;
            return Ok(());
        }
        if scaling == Scaling::Pool {
            let resized = GridShape { channels: self.next.channels, ..target };
            self.push(LayerKind::Resize, resized, Form::Picture)?;
        }
        self.push_hidden(LayerKind::Conv { stride: 1 }, target, Form::Picture)?;
        Ok(())
    }

    pub(super) fn conv1d_up(&mut self, target: GridShape, scaling: Scaling) -> Result<(), SpecError> {
        if scaling == Scaling::Stride {
            self.push_hidden(LayerKind::Conv1dTranspose, target, Form::Sequence)?;
            return Ok(());
        }
        if scaling == Scaling::Pool {
            self.push(LayerKind::Resize, sequence_shape(target.height, self.next.width), Form::Sequence)?;
        }
        self.push_hidden(LayerKind::Conv1d { stride: 1 }, target, Form::Sequence)?;
        Ok(())
    }

    /// The encoder's layer whose feature maps the mirrored block `index` reads too, and their channels: those that the
    /// block made, unless they are the code itself.
    fn skip(&self, passed: &[Passed], index: usize) -> Option<(usize, usize)> {
        let is_code = index + 1 == passed.len() && self.spec.bottleneck == BottleneckSpec::Direct;
        let block = &passed[index];
        (self.spec.skips && !is_code && matches!(block.block, BlockSpec::Conv { .. }))
            .then_some((block.layer, block.after.0.channels))
    }

    /// A sequence becomes again the picture or the vector that it was read from.
    pub(super) fn return_to(&mut self, (shape, form): (GridShape, Form)) -> Result<(), SpecError> {
        match (self.form, form) {
            (Form::Sequence, Form::Picture) if shape.channels > 1 => {
                self.push(LayerKind::SequenceToPicture, shape, Form::Picture)?;
            }
            (Form::Sequence, Form::Picture | Form::Vector) => (self.next, self.form) = (shape, form),
            _ => {}
        }
        Ok(())
    }

    /// Gives the decoder's dense layers the encoder's weights.
    pub(super) fn tie(&mut self) -> Result<(), SpecError> {
        let is_dense = |kind| matches!(kind, LayerKind::Dense);
        let count = self.layers.len();
        let fits = self.layers.iter().enumerate().all(|(index, layer)| {
            let mirrored = &self.layers[count - 1 - index];
            is_dense(layer.kind)
                && layer.input.len() == mirrored.output.len()
                && layer.output.len() == mirrored.input.len()
        });
        let is_plain = matches!(self.spec.bottleneck, BottleneckSpec::Dense { .. } | BottleneckSpec::TopK { .. });
        let is_direct = self.spec.bottleneck == BottleneckSpec::Direct;
        if !fits || !count.is_multiple_of(2) || !(is_plain || is_direct) {
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
