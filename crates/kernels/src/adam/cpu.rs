//! Adam on the CPU: one pass.

use burn_flex::{Flex, FlexTensor};
use pinhole_numerics::adam::{AdamScalars, adam_step};

use super::AdamOps;
use crate::cpu::contiguous;

impl AdamOps for Flex {
    fn adam_step(
        parameter: FlexTensor,
        gradient: FlexTensor,
        m: FlexTensor,
        v: FlexTensor,
        scalars: FlexTensor,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let [mut parameter, mut m, mut v] = [parameter, m, v].map(contiguous);
        let (gradient, scalars) = (contiguous(gradient), contiguous(scalars));
        let scalars = *scalars.values().first_chunk().expect("`Step::scalars` has as many");
        let scalars = AdamScalars::from_array(scalars);
        adam_step(scalars, parameter.values_mut(), gradient.values(), m.values_mut(), v.values_mut());
        (parameter.into_tensor(), m.into_tensor(), v.into_tensor())
    }
}
