//! Attention on the CPU.

use burn_flex::{Flex, FlexTensor};

use super::{AttentionOps, Sizes};
use crate::cpu::{Flat, attend, attention_gradient};

impl AttentionOps for Flex {
    fn attend_and_keep(projected: FlexTensor, heads: usize) -> (FlexTensor, FlexTensor) {
        let sizes = Sizes::new(projected.layout().shape().dims(), heads);
        let projected = Flat::of(projected);
        let mut shares = vec![0.0; sizes.shares_shape().iter().product()];
        let gathered =
            Flat::filled(sizes.gathered_shape(), |result| attend(sizes, projected.values(), &mut shares, result));
        (gathered, Flat::from_values(sizes.shares_shape(), shares))
    }

    fn attention_gradient(gradient: FlexTensor, projected: FlexTensor, shares: FlexTensor) -> FlexTensor {
        let [_, heads, _, _] = shares.layout().shape().dims();
        let sizes = Sizes::new(projected.layout().shape().dims(), heads);
        let [gradient, projected, shares] = [gradient, projected, shares].map(Flat::of);
        Flat::filled(sizes.projected_shape(), |result| {
            attention_gradient(sizes, gradient.values(), projected.values(), shares.values(), result);
        })
    }
}
