//! Asynchronous reads from a device. They are boxed, as with Burn's fusion the state of a read is 18 kB, which every
//! caller's future would hold.

use burn::tensor::{ExecutionError, Tensor, TensorData, Transaction};

/// Reads the values of a tensor.
///
/// # Errors
/// When the device fails.
pub(crate) async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, ExecutionError> {
    Ok(floats(Box::pin(tensor.into_data_async()).await?))
}

/// Reads the values of all tensors of a transaction, in its order, at once.
///
/// # Errors
/// When the device fails.
pub(crate) async fn read_all(transaction: Transaction) -> Result<Vec<Vec<f32>>, ExecutionError> {
    Ok(Box::pin(transaction.execute_async()).await?.into_iter().map(floats).collect())
}

fn floats(data: TensorData) -> Vec<f32> {
    data.try_into_vec().expect("every float tensor is made from 32-bit floats, and no device is told to use others")
}
