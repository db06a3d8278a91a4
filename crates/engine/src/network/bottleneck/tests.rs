//! What each bottleneck does to a code, on a few numbers.

use burn::tensor::{Device, Tensor};

use super::{
    Latent,
    top_k::keep_largest,
    variational::{bounded, draw},
    vector_quantised::{nearest, quantise},
};
use crate::{
    network::{Chance, Mode},
    objective::tests::{assert_gradient, floats, normal, tensor},
};

#[test]
fn a_variational_code_is_its_mean_and_in_training_a_draw_around_it() {
    const DRAWS: usize = 20_000;
    let mean = tensor([[1.5, -0.5]]).repeat_dim(0, DRAWS);
    let log_variance = tensor([[-1.0, 0.5]]).repeat_dim(0, DRAWS);
    assert_eq!(floats(draw(&mean, &log_variance, &mut Mode::Inference)), floats(mean.clone()));
    let drawn = draw(&mean, &log_variance, &mut Mode::Training(&mut Chance::of_step(1, 0)));
    let (found_variance, found_mean) = drawn.var_mean(0);
    for (found, expected) in floats(found_mean).into_iter().zip([1.5, -0.5]) {
        assert!((found - expected).abs() < 0.03, "{found} for {expected}");
    }
    for (found, expected) in floats(found_variance).into_iter().zip([(-1.0_f32).exp(), 0.5_f32.exp()]) {
        assert!((found - expected).abs() < 0.04 * expected, "{found} for {expected}");
    }
}

#[test]
fn a_draw_hands_gradients_to_mean_and_variance() {
    let [mean, log_variance, scale] = [1, 2, 3].map(|seed| normal([3, 2], seed));
    let drawn = |mean: &Tensor<2>, log_variance: &Tensor<2>| {
        let drawn = draw(mean, log_variance, &mut Mode::Training(&mut Chance::of_step(1, 0)));
        (drawn * scale.clone()).sum()
    };
    assert_gradient(mean.clone(), |at| drawn(&at, &log_variance));
    assert_gradient(log_variance.clone(), |at| drawn(&mean, &at));
    assert!(floats(bounded(tensor([[1e30, -1e30]])).exp()).iter().all(|variance| variance.is_finite()));
}

#[test]
fn only_the_largest_numbers_pass_with_their_gradients() {
    let code = tensor([[0.1, -3.0, 2.0, 1.0], [-4.0, -1.0, -2.0, -3.0]]);
    assert_eq!(floats(keep_largest(code.clone(), 2)), [0.0, 0.0, 2.0, 1.0, 0.0, -1.0, -2.0, 0.0]);
    assert_eq!(floats(keep_largest(code.clone(), 4)), floats(code.clone()));
    assert_gradient(code, |at| (keep_largest(at, 2) * normal([2, 4], 1)).sum());
}

const CODEBOOK: [[f32; 2]; 3] = [[0.0, 0.0], [1.0, 1.0], [-1.0, 2.0]];

#[test]
fn a_vector_becomes_the_nearest_of_the_codebook() {
    let rows = tensor([[0.2, 0.1], [-0.8, 1.2], [0.6, 0.6], [9.0, 9.0]]);
    let chosen = nearest(rows, tensor(CODEBOOK)).into_data().try_into_vec::<i32>().expect("indices");
    assert_eq!(chosen, [0, 2, 1, 1]);
}

#[test]
fn vectors_lie_along_a_code_or_across_its_feature_maps() {
    // Two places: near the second vector, and near the third.
    let along = tensor([[0.9, 1.1, -0.9, 1.9]]);
    let across = tensor([[0.9, -0.9, 1.1, 1.9]]);
    assert_eq!(floats(quantise(along, &tensor(CODEBOOK), [2, 2], false).0), [1.0, 1.0, -1.0, 2.0]);
    assert_eq!(floats(quantise(across, &tensor(CODEBOOK), [2, 2], true).0), [1.0, -1.0, 1.0, 2.0]);
}

#[test]
fn gradients_go_straight_through_to_the_encoder_and_by_the_latent_to_the_codebook() {
    let device = Device::flex().autodiff();
    let code = Tensor::<2>::from_floats([[0.9, 1.1, -0.9, 1.9]], &device).require_grad();
    let codebook = Tensor::<2>::from_floats(CODEBOOK, &device).require_grad();
    let (replaced, latent) = quantise(code.clone(), &codebook, [2, 2], false);
    let Latent::Quantised { encoded, chosen } = latent else { panic!("the code was quantised") };
    assert_eq!(encoded.dims(), [2, 2]);

    let slopes = [1.0, 2.0, 3.0, 4.0];
    let gradients = (replaced * tensor([slopes])).sum().backward();
    assert_eq!(floats(code.grad(&gradients).expect("straight through")), slopes);
    assert!(codebook.grad(&gradients).is_none(), "the reconstruction does not move the codebook");

    let gradients = (chosen * tensor([[1.0, 2.0], [3.0, 4.0]])).sum().backward();
    assert_eq!(floats(codebook.grad(&gradients).expect("looked up")), [0.0, 0.0, 1.0, 2.0, 3.0, 4.0]);
}
