//! Where to compute: WebGPU if there is a GPU, else the CPU, and why.

use burn::tensor::{Device, wgpu::WgpuInitError, wgpu::wgpu::DeviceType};
use pinhole_protocol::{DeviceInfo, DeviceKind, DevicePreference};

use crate::EngineError;

/// The device in use, and what it can hold.
#[derive(Clone, Debug)]
pub struct Compute {
    device: Device,
    info: DeviceInfo,
    /// Largest buffer that a program on the device may read; `None` where memory is the only limit.
    max_buffer_bytes: Option<u64>,
}

/// An adapter that answered.
struct Gpu {
    device: Device,
    name: String,
    is_software: bool,
    max_buffer_bytes: u64,
}

impl Compute {
    /// Starts the device that `preference` asks for, or the CPU: this cannot fail, and never panics. The GPU can be
    /// started only once in the life of a process or worker.
    pub async fn start(preference: DevicePreference) -> Self {
        if preference == DevicePreference::Cpu {
            return Self::cpu(None);
        }
        match start_gpu().await {
            Ok(gpu) if gpu.is_software && preference == DevicePreference::Auto => Self::cpu(Some(format!(
                "The only WebGPU adapter here is a program, not a GPU ({}): the CPU is faster without it.",
                gpu.name
            ))),
            Ok(gpu) => Self {
                device: gpu.device,
                info: DeviceInfo { kind: DeviceKind::WebGpu, name: gpu.name, fallback_reason: None },
                max_buffer_bytes: Some(gpu.max_buffer_bytes),
            },
            Err(error) => Self::cpu(Some(explain(&error))),
        }
    }

    fn cpu(fallback_reason: Option<String>) -> Self {
        Self {
            device: Device::flex(),
            info: DeviceInfo { kind: DeviceKind::Cpu, name: "CPU".into(), fallback_reason },
            max_buffer_bytes: None,
        }
    }

    /// Burn's handle, without autodiff.
    pub const fn device(&self) -> &Device {
        &self.device
    }

    /// What people are told of it.
    pub const fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// Refuses a single tensor that the device cannot bind.
    pub(crate) fn check_fits(&self, bytes: usize, field: &'static str, advice: &str) -> Result<(), EngineError> {
        match self.max_buffer_bytes {
            Some(limit) if bytes as u64 > limit => Err(EngineError::setting(
                field,
                format!(
                    "This needs a block of {} MB, and {} takes at most {} MB: {advice}.",
                    bytes / 1_000_000,
                    self.info.name,
                    limit / 1_000_000
                ),
            )),
            _ => Ok(()),
        }
    }
}

async fn start_gpu() -> Result<Gpu, WgpuInitError> {
    let (device, setup) = Device::wgpu_options().init_with_setup_async().await?;
    let info = setup.adapter.get_info();
    // Browsers leave the name empty to make a machine harder to recognise.
    let name = if info.name.is_empty() { "WebGPU".to_owned() } else { info.name };
    let limits = setup.device.limits();
    Ok(Gpu {
        device,
        name,
        is_software: info.device_type == DeviceType::Cpu,
        max_buffer_bytes: limits.max_storage_buffer_binding_size.min(limits.max_buffer_size),
    })
}

fn explain(error: &WgpuInitError) -> String {
    match error {
        WgpuInitError::AdapterUnavailable { .. } | WgpuInitError::UnsupportedGraphicsApi { .. } => {
            "No GPU answered: this browser or machine offers no WebGPU adapter.".into()
        }
        WgpuInitError::RequestDevice { message } => format!("The GPU refused to start ({message})."),
        other => format!("WebGPU could not be started ({other})."),
    }
}
