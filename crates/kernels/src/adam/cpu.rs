//! Adam on the CPU: one pass.

use burn_flex::{Flex, FlexTensor};

use super::AdamOps;
use crate::cpu::{Flat, adam_step};

impl AdamOps for Flex {
    fn adam_step(
        parameter: FlexTensor,
        gradient: FlexTensor,
        first: FlexTensor,
        second: FlexTensor,
        scalars: FlexTensor,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let [mut parameter, mut first, mut second] = [parameter, first, second].map(Flat::of);
        let (gradient, scalars) = (Flat::of(gradient), Flat::of(scalars));
        let scalars = *scalars.values().first_chunk().expect("`Step::scalars` makes as many");
        adam_step(scalars, parameter.values_mut(), gradient.values(), first.values_mut(), second.values_mut());
        (parameter.into_tensor(), first.into_tensor(), second.into_tensor())
    }
}
