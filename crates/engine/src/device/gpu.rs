//! Initialisation of WebGPU: the browser's, or natively that of Vulkan, Metal or DX12.

use burn::tensor::{Device, wgpu::WgpuInitError, wgpu::wgpu::DeviceType};
use pinhole_kernels::Adapter;

/// An initialised adapter.
pub(super) struct Gpu {
    pub device: Device,
    pub name: String,
    /// True for a software adapter, which runs on the CPU.
    pub is_software: bool,
    pub max_buffer_bytes: u64,
}

/// Initialises the best adapter. The error says in one sentence why there is none.
pub(super) async fn start() -> Result<Gpu, String> {
    let (device, setup) = Device::wgpu_options().init_with_setup_async().await.map_err(|error| explain(&error))?;
    let info = setup.adapter.get_info();
    let limits = setup.device.limits();
    let is_software = info.device_type == DeviceType::Cpu;
    pinhole_kernels::set_adapter(if is_software { Adapter::Software } else { Adapter::Hardware });
    Ok(Gpu {
        device,
        // Browsers leave the name empty against fingerprinting.
        name: if info.name.is_empty() { "WebGPU".to_owned() } else { info.name },
        is_software,
        max_buffer_bytes: limits.max_storage_buffer_binding_size.min(limits.max_buffer_size),
    })
}

fn explain(error: &WgpuInitError) -> String {
    match error {
        WgpuInitError::AdapterUnavailable { .. } | WgpuInitError::UnsupportedGraphicsApi { .. } => {
            super::NO_ADAPTER.into()
        }
        WgpuInitError::RequestDevice { message } => format!("The GPU refused to start ({message})."),
        other => format!("WebGPU could not be started ({other})."),
    }
}
