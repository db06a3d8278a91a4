//! Burn's tensors on the CPU as slices and matrices.

use burn::tensor::{Shape, TensorData};
use burn_flex::FlexTensor;

use super::{Activation, Matrix};

/// A tensor whose numbers lie in the order of its indices.
pub struct Flat(FlexTensor);

impl Flat {
    /// The tensor; a copy if it lies otherwise.
    pub fn of(tensor: FlexTensor) -> Self {
        let is_flat = tensor.is_contiguous() && tensor.layout().start_offset() == 0;
        Self(if is_flat { tensor } else { tensor.to_contiguous() })
    }

    /// The gradient before an activation whose result is `output`.
    pub fn before(gradient: FlexTensor, output: FlexTensor, activation: Activation) -> Self {
        let gradient = Self::of(gradient);
        if activation == Activation::Linear {
            return gradient;
        }
        let output = Self::of(output);
        let shape = gradient.0.layout().shape().clone();
        Self(Self::filled(shape, |inner| activation.backward(gradient.values(), output.values(), inner)))
    }

    /// A new tensor whose numbers `fill` writes.
    pub fn filled(shape: impl Into<Shape>, fill: impl FnOnce(&mut [f32])) -> FlexTensor {
        let shape = shape.into();
        let mut values = vec![0.0; shape.num_elements()];
        fill(&mut values);
        Self::from_values(shape, values)
    }

    /// A new tensor of these numbers.
    pub fn from_values(shape: impl Into<Shape>, values: Vec<f32>) -> FlexTensor {
        FlexTensor::from_data(TensorData::new(values, shape.into()))
    }

    /// Its numbers.
    pub fn values(&self) -> &[f32] {
        &self.0.storage()[..self.count()]
    }

    /// Its numbers, to be written where they lie, or to a copy if something else holds them.
    pub fn values_mut(&mut self) -> &mut [f32] {
        let count = self.count();
        &mut self.0.storage_mut()[..count]
    }

    /// Its shape; it has as many axes.
    pub fn dims<const D: usize>(&self) -> [usize; D] {
        self.0.layout().shape().dims()
    }

    /// It as a matrix; it has two axes.
    pub fn matrix(&self) -> Matrix<'_> {
        matrix(&self.0).expect("what is flat has no negative strides")
    }

    /// Burn's tensor.
    pub fn into_tensor(self) -> FlexTensor {
        self.0
    }

    fn count(&self) -> usize {
        self.0.layout().shape().num_elements()
    }
}

/// A tensor with two axes that is read as a matrix where it lies, a transposed one too.
pub struct Strided(FlexTensor);

impl Strided {
    /// The tensor; a copy if it runs backwards.
    pub fn of(tensor: FlexTensor) -> Self {
        Self(if matrix(&tensor).is_some() { tensor } else { tensor.to_contiguous() })
    }

    /// It as a matrix.
    pub fn matrix(&self) -> Matrix<'_> {
        matrix(&self.0).expect("`of` has seen to it")
    }
}

fn matrix(tensor: &FlexTensor) -> Option<Matrix<'_>> {
    let layout = tensor.layout();
    let &[down, along] = layout.strides() else { return None };
    let strides = [usize::try_from(down).ok()?, usize::try_from(along).ok()?];
    Some(Matrix::strided(&tensor.storage()[layout.start_offset()..], layout.shape().dims(), strides))
}
