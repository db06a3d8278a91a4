//! A mean loss on the CPU: one pass each way.

use burn::backend::TensorMetadata;
use burn_flex::{Flex, FlexTensor};

use super::{Loss, LossOps};
use crate::{
    Activation,
    cpu::{Flat, loss_gradient, mean_loss},
};

impl LossOps for Flex {
    fn loss_mean(sums: FlexTensor, target: FlexTensor, activation: Activation, loss: Loss) -> FlexTensor {
        let (sums, target) = (Flat::of(sums), Flat::of(target));
        Flat::filled([1], |mean| mean[0] = mean_loss(activation, loss, sums.values(), target.values()))
    }

    fn loss_gradient(
        gradient: FlexTensor,
        sums: FlexTensor,
        target: FlexTensor,
        activation: Activation,
        loss: Loss,
    ) -> FlexTensor {
        let shape = sums.shape();
        let [gradient, sums, target] = [gradient, sums, target].map(Flat::of);
        let outer = gradient.values()[0];
        Flat::filled(shape, |slopes| loss_gradient(activation, loss, outer, [sums.values(), target.values()], slopes))
    }
}
