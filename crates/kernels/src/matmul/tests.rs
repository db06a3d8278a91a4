//! Products against Burn's own, on every device.

use burn::tensor::Tensor;

use super::{matmul, matmul_transposed};
use crate::tests::{assert_close, uniform, with_every_tile};

/// Batch along two axes, m, k, n: ragged, less than a tile and more than a block.
const SHAPES: [[usize; 5]; 4] = [[2, 3, 28, 16, 28], [1, 1, 70, 130, 33], [3, 1, 1, 5, 1], [1, 5, 9, 1, 66]];

#[test]
fn value_and_gradients_agree_with_burn() {
    with_every_tile(|name, device| {
        let device = device.autodiff();
        for [first, second, m, k, n] in SHAPES {
            for is_transposed in [false, true] {
                let case = format!("{name} {first}x{second} {m}x{k}x{n}, transposed: {is_transposed}");
                let random = |rows: usize, columns: usize| {
                    uniform([first, second, rows, columns], -1.0..1.0, &device).require_grad()
                };
                let lhs = random(m, k);
                let rhs = if is_transposed { random(n, k) } else { random(k, n) };
                let (ours, expected) = if is_transposed {
                    let by_burn = lhs.clone().matmul(rhs.clone().transpose());
                    (matmul_transposed(lhs.clone(), rhs.clone()), by_burn)
                } else {
                    (matmul(lhs.clone(), rhs.clone()), lhs.clone().matmul(rhs.clone()))
                };
                assert_close(&ours, &expected, &case);

                let weights = random(m, n).detach();
                let (ours, expected) =
                    ((ours * weights.clone()).sum().backward(), (expected * weights).sum().backward());
                for (side, tensor) in [("lhs", &lhs), ("rhs", &rhs)] {
                    let [ours, expected] =
                        [&ours, &expected].map(|gradients| tensor.grad(gradients).expect("it is tracked"));
                    assert_close(&ours, &expected, &format!("{case}, {side}"));
                }
            }
        }
    });
}

#[test]
fn transposed_views_are_multiplied_in_their_order() {
    with_every_tile(|name, device| {
        let random = |shape: [usize; 2]| uniform(shape, -1.0..1.0, &device);
        let (lhs, rhs) = (random([9, 20]), random([9, 6]));
        assert_close(&matmul(lhs.clone().transpose(), rhs.clone()), &lhs.transpose().matmul(rhs), name);
    });
}

#[test]
#[should_panic(expected = "columns of lhs")]
fn matrices_that_do_not_fit_are_rejected() {
    let zeros = |shape: [usize; 2]| Tensor::<2>::zeros(shape, &burn::tensor::Device::flex());
    matmul(zeros([2, 3]), zeros([2, 3]));
}
