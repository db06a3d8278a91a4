//! A convolution on the GPU: one product forward, two back.

use burn::{backend::tensor::FloatTensor, tensor::Shape};
use burn_cubecl::{CubeBackend, tensor::CubeTensor};

use super::{Convolution, ConvolutionOps, Direction, result_maps, result_shape, weight_shape};
use crate::{
    Activation,
    gpu::{
        before, channel_sums, empty,
        product::{Buffers, Epilogue, Load, Operand, Output, Product},
        rows,
    },
};

impl ConvolutionOps for CubeBackend {
    fn convolved(
        input: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let maps = Maps { tensor: &rows(input), activated: None, activation: Activation::Linear };
        let bias = rows(bias);
        gather(&maps, &rows(weight), Some((&bias, activation)), convolution, direction)
    }

    fn convolution_input_gradient(
        gradient: CubeTensor,
        output: CubeTensor,
        weight: CubeTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let activated = rows(output);
        let (gradient, activation) = before(gradient, &activated, activation);
        let maps = Maps { tensor: &gradient, activated: Some(&activated), activation };
        gather(&maps, &rows(weight), None, convolution, direction.reversed())
    }

    fn convolution_weight_gradient(
        input: CubeTensor,
        gradient: CubeTensor,
        output: CubeTensor,
        convolution: Convolution,
        direction: Direction,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (input, activated) = (rows(input), rows(output));
        let (gradient, activation) = before(gradient, &activated, activation);
        let [result_channels, ..] = result_maps(&convolution, direction);
        let weight = empty(&gradient, Shape::new(weight_shape(&convolution)));
        let bias = empty(&gradient, Shape::new([result_channels]));
        let [channels, ..] = convolution.coarse;
        let of_coarse = Load::Channels { channels, places: convolution.coarse_places() };
        let of_fine = Load::PatchesByPlace(convolution);
        let (a, b, gradient_of) = match direction {
            Direction::Down => {
                let a = Operand::before(activation, of_coarse);
                ((a, &gradient), (Operand::plain(of_fine), &input), a.gradient_of)
            }
            Direction::Up => {
                let b = Operand::before(activation, of_fine);
                ((Operand::plain(of_coarse), &input), (b, &gradient), b.gradient_of)
            }
        };
        let product = Product {
            rows: channels,
            inner: convolution.samples * convolution.coarse_places(),
            columns: convolution.fine[0] * convolution.taps(),
            a: a.0,
            b: b.0,
            output: Output::Rows,
            epilogue: if direction == Direction::Down { Epilogue::SumsOfRows } else { Epilogue::None },
            batch: 1,
        };
        let of_gradient = gradient_of.map(|_| &activated);
        // Going up, the gradient is the operand that a product reads several times over.
        let vector = (direction == Direction::Down).then_some(&bias);
        product.launch(&Buffers { a: a.1, b: b.1, output: &weight, activated: of_gradient, vector });
        if direction == Direction::Up {
            channel_sums(&gradient, of_gradient, activation, &bias);
        }
        (weight, bias)
    }
}

/// Maps that a convolution reads; if they are the gradient of an activation's result, that is with them.
struct Maps<'a> {
    tensor: &'a CubeTensor,
    activated: Option<&'a CubeTensor>,
    activation: Activation,
}

/// The convolution in one direction: forward, or of the gradient in the other.
fn gather(
    maps: &Maps,
    weight: &CubeTensor,
    bias: Option<(&CubeTensor, Activation)>,
    convolution: Convolution,
    direction: Direction,
) -> CubeTensor {
    let output = empty(maps.tensor, result_shape(&convolution, direction));
    let ([coarse, ..], [fine, ..]) = (convolution.coarse, convolution.fine);
    let (samples, taps) = (convolution.samples, convolution.taps());
    let read = |load| Operand::before(maps.activation, load);
    let epilogue = bias.map_or(Epilogue::None, |(_, activation)| Epilogue::BiasOfRow(activation));
    let product = match direction {
        Direction::Down => Product {
            rows: coarse,
            inner: fine * taps,
            columns: samples * convolution.coarse_places(),
            a: Operand::plain(Load::Lanes { inner: fine * taps }),
            b: read(Load::Patches(convolution)),
            output: Output::Channels { channels: coarse, places: convolution.coarse_places() },
            epilogue,
            batch: 1,
        },
        Direction::Up => Product {
            rows: fine,
            inner: coarse * taps,
            columns: samples * convolution.phase().iter().product::<usize>(),
            a: Operand::plain(Load::Taps { lanes: fine, convolution }),
            b: read(Load::Reached(convolution)),
            output: Output::Phases { channels: fine, convolution },
            epilogue,
            batch: 1,
        },
    };
    let activated = product.b.gradient_of.and(maps.activated);
    let vector = bias.map(|(bias, _)| bias);
    product.launch(&Buffers { a: weight, b: maps.tensor, output: &output, activated, vector });
    output
}
