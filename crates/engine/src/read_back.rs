//! Numbers from a device. Reads are boxed: with Burn's fusion a read's state is 18 kB, which every function above would
//! carry along.

use burn::tensor::{ExecutionError, Tensor, TensorData, Transaction};

/// A tensor's numbers.
///
/// # Errors
/// When the device fails.
pub(crate) async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, ExecutionError> {
    Ok(floats(Box::pin(tensor.into_data_async()).await?))
}

/// The numbers of all tensors of a transaction, in its order: one read for all.
///
/// # Errors
/// When the device fails.
pub(crate) async fn read_all(transaction: Transaction) -> Result<Vec<Vec<f32>>, ExecutionError> {
    Ok(Box::pin(transaction.execute_async()).await?.into_iter().map(floats).collect())
}

fn floats(data: TensorData) -> Vec<f32> {
    data.try_into_vec().expect("every float tensor is made from 32-bit floats, and no device is told to use others")
}
