//! Each bottleneck on a few numbers.

use burn::tensor::{Device, Tensor};

use super::{
    latent::Latent,
    top_k::keep_largest,
    variational::{clamp_logvar, reparameterise},
    vector_quantised::{nearest_indices, quantise},
};
use crate::{
    network::{Mode, StepRng},
    objective::tests::{assert_gradient, floats, normal, tensor},
};

#[test]
fn a_variational_code_is_mu_in_inference_and_a_sample_around_it_in_training() {
    const SAMPLES: usize = 20_000;
    let mu = tensor([[1.5, -0.5]]).repeat_dim(0, SAMPLES);
    let logvar = tensor([[-1.0, 0.5]]).repeat_dim(0, SAMPLES);
    assert_eq!(floats(reparameterise(&mu, &logvar, &mut Mode::Inference)), floats(mu.clone()));
    let z = reparameterise(&mu, &logvar, &mut Mode::Training(&mut StepRng::new(1, 0)));
    let (found_variance, found_mean) = z.var_mean(0);
    for (found, expected) in floats(found_mean).into_iter().zip([1.5, -0.5]) {
        assert!((found - expected).abs() < 0.03, "{found} for {expected}");
    }
    for (found, expected) in floats(found_variance).into_iter().zip([(-1.0_f32).exp(), 0.5_f32.exp()]) {
        assert!((found - expected).abs() < 0.04 * expected, "{found} for {expected}");
    }
}

#[test]
fn gradients_pass_through_the_sample_to_mu_and_logvar() {
    let [mu, logvar, scale] = [1, 2, 3].map(|seed| normal([3, 2], seed));
    let loss = |mu: &Tensor<2>, logvar: &Tensor<2>| {
        let z = reparameterise(mu, logvar, &mut Mode::Training(&mut StepRng::new(1, 0)));
        (z * scale.clone()).sum()
    };
    assert_gradient(mu.clone(), |at| loss(&at, &logvar));
    assert_gradient(logvar.clone(), |at| loss(&mu, &at));
    assert!(floats(clamp_logvar(tensor([[1e30, -1e30]])).exp()).iter().all(|variance| variance.is_finite()));
}

#[test]
fn the_k_largest_numbers_and_their_gradients_are_kept() {
    let code = tensor([[0.1, -3.0, 2.0, 1.0], [-4.0, -1.0, -2.0, -3.0]]);
    assert_eq!(floats(keep_largest(code.clone(), 2)), [0.0, 0.0, 2.0, 1.0, 0.0, -1.0, -2.0, 0.0]);
    assert_eq!(floats(keep_largest(code.clone(), 4)), floats(code.clone()));
    assert_gradient(code, |at| (keep_largest(at, 2) * normal([2, 4], 1)).sum());
}

const CODEBOOK: [[f32; 2]; 3] = [[0.0, 0.0], [1.0, 1.0], [-1.0, 2.0]];

#[test]
fn the_nearest_codebook_vector_is_found() {
    let rows = tensor([[0.2, 0.1], [-0.8, 1.2], [0.6, 0.6], [9.0, 9.0]]);
    let indices = nearest_indices(rows, tensor(CODEBOOK)).into_data().try_into_vec::<i32>().expect("indices");
    assert_eq!(indices, [0, 2, 1, 1]);
}

#[test]
fn vectors_of_a_feature_map_lie_across_its_channels() {
    // Two positions: near the second vector, and near the third.
    let along = tensor([[0.9, 1.1, -0.9, 1.9]]);
    let across = tensor([[0.9, -0.9, 1.1, 1.9]]);
    assert_eq!(floats(quantise(along, &tensor(CODEBOOK), [2, 2], false).0), [1.0, 1.0, -1.0, 2.0]);
    assert_eq!(floats(quantise(across, &tensor(CODEBOOK), [2, 2], true).0), [1.0, -1.0, 1.0, 2.0]);
}

#[test]
fn gradients_reach_the_encoder_straight_through_and_the_codebook_through_z_q() {
    let device = Device::flex().autodiff();
    let code = Tensor::<2>::from_floats([[0.9, 1.1, -0.9, 1.9]], &device).require_grad();
    let codebook = Tensor::<2>::from_floats(CODEBOOK, &device).require_grad();
    let (quantised, latent) = quantise(code.clone(), &codebook, [2, 2], false);
    let Latent::Quantised { z_e, z_q } = latent else { panic!("the code was quantised") };
    assert_eq!(z_e.dims(), [2, 2]);

    let slopes = [1.0, 2.0, 3.0, 4.0];
    let gradients = (quantised * tensor([slopes])).sum().backward();
    assert_eq!(floats(code.grad(&gradients).expect("straight through")), slopes);
    assert!(codebook.grad(&gradients).is_none(), "the reconstruction does not move the codebook");

    let gradients = (z_q * tensor([[1.0, 2.0], [3.0, 4.0]])).sum().backward();
    assert_eq!(floats(codebook.grad(&gradients).expect("looked up")), [0.0, 0.0, 1.0, 2.0, 3.0, 4.0]);
}
