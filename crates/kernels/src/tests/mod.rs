//! Helpers that the tests of all operations share.

mod learning;

use std::{cell::RefCell, ops::Range};

use burn::tensor::{Device, Tensor, TensorData, activation};
use pinhole_numerics::random::{Stream, generator};
use rand::RngExt;
use rand_pcg::Pcg32;

use crate::Activation;
#[cfg(feature = "gpu")]
use crate::Adapter;

/// Calls `test` with the CPU, and with the GPU where there is one, a software adapter too. For operations without a product,
/// which have no tiles.
pub fn on_every_device(test: impl Fn(&str, Device)) {
    test("CPU", Device::flex());
    #[cfg(feature = "gpu")]
    gpu::with_tiles_of(&[Adapter::Software], &test);
}

/// As [`on_every_device`], with the tiles of a graphics processor and with those of a software adapter.
pub fn with_every_tile(test: impl Fn(&str, Device)) {
    test("CPU", Device::flex());
    #[cfg(feature = "gpu")]
    gpu::with_tiles_of(&[Adapter::Hardware, Adapter::Software], &test);
}

#[cfg(feature = "gpu")]
mod gpu {
    use std::sync::{Mutex, OnceLock, PoisonError};

    use burn::tensor::wgpu::wgpu::{Backend, DeviceType};

    use super::Device;
    use crate::{Adapter, set_adapter};

    /// The adapter is set for the whole process, so one test at a time may set it.
    static ADAPTER_LOCK: Mutex<()> = Mutex::new(());

    /// Starts the GPU; `None` without one, or with OpenGL alone, which is no WebGPU. Mesa's software takes minutes, and the
    /// browser tests run these kernels on a software adapter.
    async fn start() -> Option<Device> {
        let (device, setup) = Device::wgpu_options().init_with_setup_async().await.ok()?;
        let info = setup.adapter.get_info();
        (info.backend != Backend::Gl && info.device_type != DeviceType::Cpu).then_some(device)
    }

    pub fn with_tiles_of(adapters: &[Adapter], test: &impl Fn(&str, Device)) {
        static GPU: OnceLock<Option<Device>> = OnceLock::new();
        let device = GPU.get_or_init(|| pollster::block_on(start()));
        let Some(device) = device else {
            println!("skipped on the GPU: there is no hardware adapter of Vulkan, Metal or DX12");
            return;
        };
        let _lock = ADAPTER_LOCK.lock().unwrap_or_else(PoisonError::into_inner);
        for &adapter in adapters {
            set_adapter(adapter);
            test(&format!("GPU, tiles for {adapter:?}"), device.clone());
        }
    }
}

thread_local! {
    /// Each test has a thread of its own, so its numbers are the same in every run, whatever runs beside it.
    static NUMBERS: RefCell<Pcg32> = RefCell::new(generator(0, Stream::Sample, 0));
}

/// Uniform random values of `range`, equal in every run of a test.
pub fn uniform<const D: usize>(shape: [usize; D], range: Range<f32>, device: &Device) -> Tensor<D> {
    let count = shape.iter().product();
    let values: Vec<f32> =
        NUMBERS.with_borrow_mut(|numbers| (0..count).map(|_| numbers.random_range(range.clone())).collect());
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// The gradient without what belongs to a `z` next to 0: there rounding decides on which side of its kink an activation is,
/// and with that whether the gradient passes at all.
pub fn off_kinks<const D: usize>(gradient: Tensor<D>, z: Tensor<D>) -> Tensor<D> {
    gradient.mask_fill(z.detach().abs().lower_elem(1e-4), 0.0)
}

/// The activation, computed by Burn.
pub fn activate<const D: usize>(activation: Activation, z: Tensor<D>) -> Tensor<D> {
    match activation {
        Activation::Linear => z,
        Activation::Relu => activation::relu(z),
        Activation::LeakyRelu => activation::leaky_relu(z, 0.01),
        Activation::Elu => activation::elu(z, 1.0),
        Activation::Tanh => activation::tanh(z),
        Activation::Sigmoid => activation::sigmoid(z),
    }
}

/// Asserts that all values agree within 1e-4 of the largest value, or 1e-6: sums of numbers around 1 that cancel are no
/// more exact.
pub fn assert_close<const D: usize>(ours: &Tensor<D>, expected: &Tensor<D>, case: &str) {
    assert_eq!(ours.dims(), expected.dims(), "{case}");
    let values = |tensor: &Tensor<D>| tensor.clone().into_data().try_to_vec::<f32>().expect("kernels compute in f32");
    let (ours, expected) = (values(ours), values(expected));
    let largest = expected.iter().fold(1e-2_f32, |largest, value| largest.max(value.abs()));
    for (index, (ours, expected)) in ours.iter().zip(&expected).enumerate() {
        let is_close = (ours - expected).abs() <= 1e-4 * largest;
        assert!(is_close, "{case}: {ours}, not {expected}, at {index}");
    }
}
