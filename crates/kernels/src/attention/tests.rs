//! Against attention composed of Burn's own operations, on every device.

use burn::tensor::{Distribution, Tensor, activation};

use super::attend;
use crate::tests::{assert_close, on_every_device};

/// Samples, steps, heads, numbers of a head: even and ragged, one step, one of everything.
const SHAPES: [[usize; 4]; 5] = [[5, 28, 4, 8], [3, 7, 2, 5], [4, 1, 3, 4], [1, 1, 1, 1], [2, 17, 1, 20]];

fn composed(projected: &Tensor<3>, heads: usize) -> Tensor<3> {
    let [samples, steps, width] = projected.dims();
    let (width, per_head) = (width / 3, width / 3 / heads);
    let [queries, keys, values] = [0, 1, 2].map(|index| {
        let part = projected.clone().narrow(2, index * width, width);
        part.reshape([samples, steps, heads, per_head]).swap_dims(1, 2)
    });
    let fit = queries.matmul(keys.transpose()).div_scalar((per_head as f64).sqrt());
    let gathered: Tensor<4> = activation::softmax(fit, 3).matmul(values);
    gathered.swap_dims(1, 2).reshape([samples, steps, width])
}

#[test]
fn value_and_gradient_are_those_of_the_composition() {
    on_every_device(|name, device| {
        let device = device.autodiff();
        for [samples, steps, heads, per_head] in SHAPES {
            let what = format!("{name} {samples}x{steps}, {heads} heads of {per_head}");
            let width = heads * per_head;
            let random = |shape: [usize; 3], bound: f64| {
                Tensor::<3>::random(shape, Distribution::Uniform(-bound, bound), &device)
            };
            let projected = random([samples, steps, 3 * width], 2.0).require_grad();
            let wanted_of = random([samples, steps, width], 1.0);

            let (ours, burns) = (attend(projected.clone(), heads), composed(&projected, heads));
            assert_close(&ours, &burns, &what);
            let ours = (ours * wanted_of.clone()).sum().backward();
            let burns = (burns * wanted_of).sum().backward();
            assert_close(&projected.grad(&ours).unwrap(), &projected.grad(&burns).unwrap(), &format!("{what}, back"));
        }
    });
}

/// Fits far apart: their exponentials would overflow if the largest were not taken off first.
#[test]
fn shares_of_fits_far_apart_are_numbers() {
    on_every_device(|name, device| {
        let projected = Tensor::<3>::random([2, 6, 12], Distribution::Uniform(-60.0, 60.0), &device);
        assert_close(&attend(projected.clone(), 2), &composed(&projected, 2), name);
    });
}
