//! Against Burn's own product, on every device.

use burn::tensor::{Distribution, Tensor};

use super::{matmul, matmul_transposed};
use crate::tests::{assert_close, on_every_device};

/// Pairs along two axes, rows, inner size, columns: ragged, less than a tile and more than a block.
const SHAPES: [[usize; 5]; 4] = [[2, 3, 28, 16, 28], [1, 1, 70, 130, 33], [3, 1, 1, 5, 1], [1, 5, 9, 1, 66]];

#[test]
fn value_and_gradients_are_burns() {
    on_every_device(|name, device| {
        let device = device.autodiff();
        for [first, second, rows, inner, columns] in SHAPES {
            for is_transposed in [false, true] {
                let what = format!("{name} {first}x{second} {rows}x{inner}x{columns}, transposed: {is_transposed}");
                let random = |rows: usize, columns: usize| {
                    let distribution = Distribution::Uniform(-1.0, 1.0);
                    Tensor::<4>::random([first, second, rows, columns], distribution, &device).require_grad()
                };
                let left = random(rows, inner);
                let right = if is_transposed { random(columns, inner) } else { random(inner, columns) };
                let (ours, burns) = if is_transposed {
                    let by_burn = left.clone().matmul(right.clone().transpose());
                    (matmul_transposed(left.clone(), right.clone()), by_burn)
                } else {
                    (matmul(left.clone(), right.clone()), left.clone().matmul(right.clone()))
                };
                assert_close(&ours, &burns, &what);

                let weights = random(rows, columns).detach();
                let (ours, burns) = ((ours * weights.clone()).sum().backward(), (burns * weights).sum().backward());
                for (side, tensor) in [("left", &left), ("right", &right)] {
                    let [ours, burns] = [&ours, &burns].map(|gradients| tensor.grad(gradients).expect("it is tracked"));
                    assert_close(&ours, &burns, &format!("{what}, {side}"));
                }
            }
        }
    });
}

#[test]
fn what_is_turned_is_read_as_it_is_seen() {
    on_every_device(|name, device| {
        let random = |shape: [usize; 2]| Tensor::<2>::random(shape, Distribution::Uniform(-1.0, 1.0), &device);
        let (left, right) = (random([9, 20]), random([9, 6]));
        assert_close(&matmul(left.clone().transpose(), right.clone()), &left.transpose().matmul(right), name);
    });
}

#[test]
#[should_panic(expected = "columns of the left matrices")]
fn matrices_that_do_not_fit_are_refused() {
    let zeros = |shape: [usize; 2]| Tensor::<2>::zeros(shape, &burn::tensor::Device::flex());
    matmul(zeros([2, 3]), zeros([2, 3]));
}
