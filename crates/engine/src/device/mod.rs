//! Choice of the device: WebGPU if there is a GPU, else the CPU, with the reason.

#[cfg(feature = "gpu")]
mod gpu;

use burn::tensor::Device;
use pinhole_protocol::{DeviceInfo, DeviceKind, DevicePreference};
use tracing::info;

use crate::EngineError;

/// The page loads the build without WebGPU if the browser has no adapter, so this is that build's reason, too.
const NO_ADAPTER: &str = "No GPU answered: this browser or machine offers no WebGPU adapter.";

/// The device in use, with its limits.
#[derive(Clone, Debug)]
pub struct Compute {
    device: Device,
    info: DeviceInfo,
    /// Largest buffer that a kernel can bind, in bytes; `None` if memory is the only limit.
    max_buffer_bytes: Option<u64>,
}

impl Compute {
    /// Starts the preferred device, or else the CPU: this cannot fail and never panics. The GPU can be started only
    /// once per process or worker.
    pub async fn start(preference: DevicePreference) -> Self {
        let compute = Self::choose(preference).await;
        let DeviceInfo { kind, name, fallback_reason } = &compute.info;
        info!(?kind, name = name.as_str(), fallback_reason = fallback_reason.as_deref(), "device chosen");
        compute
    }

    #[cfg_attr(not(feature = "gpu"), expect(clippy::unused_async, reason = "only a GPU is waited for"))]
    async fn choose(preference: DevicePreference) -> Self {
        if preference == DevicePreference::Cpu {
            return Self::cpu(None);
        }
        #[cfg(not(feature = "gpu"))]
        return Self::cpu(Some(NO_ADAPTER.into()));
        #[cfg(feature = "gpu")]
        match gpu::start().await {
            Ok(gpu) if gpu.is_software && preference == DevicePreference::Auto => Self::cpu(Some(format!(
                "The only WebGPU adapter here is a program, not a GPU ({}): the CPU is faster without it.",
                gpu.name
            ))),
            Ok(gpu) => Self {
                device: gpu.device,
                info: DeviceInfo { kind: DeviceKind::WebGpu, name: gpu.name, fallback_reason: None },
                max_buffer_bytes: Some(gpu.max_buffer_bytes),
            },
            Err(reason) => Self::cpu(Some(reason)),
        }
    }

    fn cpu(fallback_reason: Option<String>) -> Self {
        Self {
            device: Device::flex(),
            info: DeviceInfo { kind: DeviceKind::Cpu, name: "CPU".into(), fallback_reason },
            max_buffer_bytes: None,
        }
    }

    /// Burn's device, without autodiff.
    pub const fn device(&self) -> &Device {
        &self.device
    }

    /// Description for the page.
    pub const fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// Refuses a tensor that exceeds the largest buffer of the device.
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
