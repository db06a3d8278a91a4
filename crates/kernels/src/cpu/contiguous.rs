//! Burn's tensors on the CPU as slices and matrices.

use burn::tensor::{Shape, TensorData};
use burn_flex::FlexTensor;
use pinhole_numerics::matmul::Matrix;

use crate::Activation;

/// The tensor with its values in the order of its indices; a copy if they lie otherwise.
pub(crate) fn contiguous(tensor: FlexTensor) -> Contiguous {
    let is_contiguous = tensor.is_contiguous() && tensor.layout().start_offset() == 0;
    Contiguous(if is_contiguous { tensor } else { tensor.to_contiguous() })
}

/// A tensor whose values lie in the order of its indices, from the start of its storage.
pub(crate) struct Contiguous(FlexTensor);

impl Contiguous {
    /// The gradient of an activation's input z, from that of its output y: `dy f'(z)`.
    pub fn through_activation(gradient: FlexTensor, output: FlexTensor, activation: Activation) -> Self {
        let gradient = contiguous(gradient);
        if activation == Activation::Linear {
            return gradient;
        }
        let output = contiguous(output);
        let shape = gradient.0.layout().shape().clone();
        Self(Self::filled(shape, |dz| activation.backward(gradient.values(), output.values(), dz)))
    }

    /// A new tensor whose values `fill` writes over zeros.
    pub fn filled(shape: impl Into<Shape>, fill: impl FnOnce(&mut [f32])) -> FlexTensor {
        let shape = shape.into();
        let mut values = vec![0.0; shape.num_elements()];
        fill(&mut values);
        Self::from_values(shape, values)
    }

    /// A new tensor of these values.
    pub fn from_values(shape: impl Into<Shape>, values: Vec<f32>) -> FlexTensor {
        FlexTensor::from_data(TensorData::new(values, shape.into()))
    }

    /// The values.
    pub fn values(&self) -> &[f32] {
        &self.0.storage()[..self.count()]
    }

    /// The values, to be written in place, or in a copy if another tensor shares the storage.
    pub fn values_mut(&mut self) -> &mut [f32] {
        let count = self.count();
        &mut self.0.storage_mut()[..count]
    }

    /// The shape, of a tensor with `D` axes.
    pub fn dims<const D: usize>(&self) -> [usize; D] {
        self.0.layout().shape().dims()
    }

    /// A tensor with two axes as a matrix.
    pub fn matrix(&self) -> Matrix<'_> {
        matrix(&self.0).expect("a contiguous tensor has no negative strides")
    }

    /// Burn's tensor.
    pub fn into_tensor(self) -> FlexTensor {
        self.0
    }

    fn count(&self) -> usize {
        self.0.layout().shape().num_elements()
    }
}

/// A tensor with two axes that is read as a matrix in place, also if it is transposed.
pub(crate) struct Strided(FlexTensor);

impl Strided {
    /// The tensor; a copy if it has negative strides.
    pub fn new(tensor: FlexTensor) -> Self {
        Self(if matrix(&tensor).is_some() { tensor } else { tensor.to_contiguous() })
    }

    /// The tensor as a matrix.
    pub fn matrix(&self) -> Matrix<'_> {
        matrix(&self.0).expect("`new` has copied a tensor that is none")
    }
}

/// The tensor as a matrix in place; none if a stride is negative.
fn matrix(tensor: &FlexTensor) -> Option<Matrix<'_>> {
    let layout = tensor.layout();
    let &[down, along] = layout.strides() else { return None };
    let strides = [usize::try_from(down).ok()?, usize::try_from(along).ok()?];
    Some(Matrix::strided(&tensor.storage()[layout.start_offset()..], layout.shape().dims(), strides))
}
