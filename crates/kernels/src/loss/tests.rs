//! Losses against Burn's composition, on every device.

use burn::tensor::{Tensor, activation::log_sigmoid};

use super::{HUBER_DELTA, Loss, mean};
use crate::{
    Activation,
    tests::{activate, assert_close, on_every_device, uniform},
};

/// The mean loss composed of Burn's operations.
pub(crate) fn composed(prediction: Tensor<2>, target: Tensor<2>, loss: Loss) -> Tensor<1> {
    let distance = || (prediction.clone() - target.clone()).abs();
    let errors = match loss {
        Loss::Squared => (prediction - target).square(),
        Loss::Absolute => distance(),
        Loss::Huber => {
            let capped = distance().clamp_max(HUBER_DELTA);
            capped.clone() * (distance() - capped.mul_scalar(0.5))
        }
        Loss::CrossEntropyOfLogits => target.neg().add_scalar(1.0) * prediction.clone() - log_sigmoid(prediction),
    };
    errors.mean()
}

/// Pairs of a loss and an activation.
fn pairs() -> Vec<(Loss, Activation)> {
    let squared = Activation::ALL.map(|activation| (Loss::Squared, activation));
    let others = [Loss::Absolute, Loss::Huber].map(|loss| (loss, Activation::Sigmoid));
    let linear = Loss::ALL.map(|loss| (loss, Activation::Linear));
    squared.into_iter().chain(others).chain(linear).collect()
}

#[test]
fn every_loss_and_its_gradient_agree_with_burn() {
    on_every_device(|name, device| {
        // Less than a workgroup's values, several with a rest, and more values than the largest number of parts covers.
        for sizes in [[1, 1], [3, 7], [37, 41], [128, 784]] {
            for (loss, activation) in pairs() {
                let case = format!("{name}, {loss:?} of {activation:?} of {sizes:?}");
                let random = |low, high| uniform(sizes, low..high, &device);
                let at = random(-2.0, 2.0);
                // No target lies at the kink of the absolute error, where rounding would decide on the gradient's sign.
                let prediction = activate(activation, at.clone());
                let target = random(0.0, 1.0);
                let is_at_kink = (prediction - target.clone()).abs().lower_elem(1e-4);
                let target = target.clone().mask_where(is_at_kink, target + 0.01);
                let value_and_gradient = |loss_of: &dyn Fn(Tensor<2>, Tensor<2>) -> Tensor<1>| {
                    let at = at.clone().autodiff().require_grad();
                    let value = loss_of(at.clone(), target.clone().autodiff());
                    let gradient = at.grad(&(value.clone() * 3.0).backward()).expect("it was required");
                    (value.inner(), gradient)
                };
                let ours = value_and_gradient(&|at, target| mean(at, target, activation, loss));
                let expected = value_and_gradient(&|at, target| composed(activate(activation, at), target, loss));
                assert_close(&ours.0, &expected.0, &case);
                assert_close(&ours.1, &expected.1, &case);
            }
        }
    });
}

#[test]
fn a_confident_mistake_costs_its_logit_and_keeps_its_gradient() {
    on_every_device(|name, device| {
        let logits = Tensor::<2>::from_floats([[200.0, -200.0]], &device).autodiff().require_grad();
        let target = Tensor::<2>::from_floats([[0.0, 1.0]], &device).autodiff();
        let value = mean(logits.clone(), target, Activation::Linear, Loss::CrossEntropyOfLogits);
        let gradient = logits.grad(&value.backward()).expect("it was required");
        assert_close(&value.inner(), &Tensor::from_floats([200.0], &device), name);
        assert_close(&gradient, &Tensor::from_floats([[0.5, -0.5]], &device), name);
    });
}

#[test]
fn the_absolute_loss_of_no_difference_has_no_gradient() {
    on_every_device(|name, device| {
        let at = Tensor::<2>::ones([2, 9], &device).autodiff().require_grad();
        let value = mean(at.clone(), Tensor::ones([2, 9], &device).autodiff(), Activation::Linear, Loss::Absolute);
        let gradient = at.grad(&value.backward()).expect("it was required");
        assert_close(&gradient, &Tensor::zeros([2, 9], &device), name);
    });
}
