//! Only the largest numbers of a code pass (k-sparse autoencoders, Makhzani and Frey 2014).

use burn::tensor::Tensor;

/// Sets all but the `active` largest numbers of each code to 0. Gradients pass where numbers do.
pub(super) fn keep_largest(code: Tensor<2>, active: usize) -> Tensor<2> {
    let [samples, size] = code.dims();
    if active >= size {
        return code;
    }
    // Numbers are compared pair by pair: a sort would bring them to the host, which a browser's GPU does not allow.
    let values = code.clone().detach();
    let ours: Tensor<3> = values.clone().reshape([samples, size, 1]);
    let others: Tensor<3> = values.reshape([samples, 1, size]);
    let larger = others.greater(ours).float().sum_dim(2).reshape([samples, size]);
    let is_kept = larger.lower_elem(active as f64).float();
    code * is_kept
}
