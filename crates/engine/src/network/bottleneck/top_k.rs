//! k-sparse code (Makhzani and Frey, "k-Sparse Autoencoders", ICLR 2014): `z_i` if it is among the k largest numbers of
//! the code, else 0.

use burn::tensor::Tensor;

/// Sets all but the `k` largest numbers of each code [samples, latent size] to 0, and their gradients too.
pub(super) fn keep_largest(code: Tensor<2>, k: usize) -> Tensor<2> {
    let [samples, size] = code.dims();
    if k >= size {
        return code;
    }
    // Every number is compared with every other: a sort would bring them to the host, which a browser's GPU does not
    // allow.
    let values = code.clone().detach();
    let each: Tensor<3> = values.clone().reshape([samples, size, 1]);
    let others: Tensor<3> = values.reshape([samples, 1, size]);
    let larger_count = others.greater(each).float().sum_dim(2).reshape([samples, size]);
    let mask = larger_count.lower_elem(k as f64).float();
    code * mask
}
