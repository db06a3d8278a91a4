//! A WGSL kernel and its launch through CubeCL's client.

use std::hash::{DefaultHasher, Hash, Hasher};

use burn::tensor::Shape;
use burn_cubecl::{kernel::into_contiguous, tensor::CubeTensor};
use cubecl::{
    CubeKernel, PrecompiledSource,
    ir::{AddressType, ElemType, Scope, UIntKind, metadata::Info},
    prelude::{CubeCount, CubeDim, ExecutionMode, KernelDefinition, KernelId, KernelMetadata, KernelSettings},
    server::KernelArguments,
};

/// WGSL with the entry point `main`, for one shape.
pub(crate) struct Kernel {
    /// Key of CubeCL's cache of compiled kernels: two kernels with equal keys have equal WGSL.
    pub key: u64,
    /// Generates the WGSL; called when the cache has no kernel with the key. Logged under the target `wgsl`.
    pub wgsl: Box<dyn Fn() -> String + Send + Sync>,
    /// Threads of a workgroup.
    pub workgroup: [u32; 2],
}

impl Kernel {
    /// The kernel whose WGSL `wgsl` generates for `spec`.
    pub fn new<S: Hash + Send + Sync + 'static>(spec: S, workgroup: [u32; 2], wgsl: fn(&S) -> String) -> Self {
        let mut hasher = DefaultHasher::new();
        std::any::TypeId::of::<S>().hash(&mut hasher);
        spec.hash(&mut hasher);
        Self { key: hasher.finish(), wgsl: Box::new(move || wgsl(&spec)), workgroup }
    }
}

impl KernelMetadata for Kernel {
    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(self.key)
    }

    fn address_type(&self) -> ElemType {
        ElemType::UInt(UIntKind::U32)
    }
}

impl CubeKernel for Kernel {
    /// An empty kernel: CubeCL compiles the source below instead.
    fn define(&self) -> KernelDefinition {
        let [x, y] = self.workgroup;
        let settings = KernelSettings::new(CubeDim::new_2d(x, y).0, ExecutionMode::Checked, AddressType::U32);
        KernelDefinition { body: Scope::root(settings.clone()), settings, info: Info::default() }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        let source = (self.wgsl)();
        tracing::trace!(target: "wgsl", "{source}");
        Some(PrecompiledSource { source, entrypoint_name: "main".into(), lang: "wgsl" })
    }
}

/// Launches `kernel` on x, y and z workgroups. Its bindings are the buffers in their order.
///
/// Every buffer is bound for reading and writing, as CubeCL's own are: two tensors may lie in one buffer, and WebGPU
/// does not let a dispatch bind that as both read-only and writable.
pub(crate) fn launch(kernel: Kernel, [x, y, z]: [u32; 3], buffers: &[&CubeTensor]) {
    let bindings = buffers.iter().map(|tensor| tensor.handle.clone().binding()).collect();
    let client = &buffers[0].client;
    client.launch(Box::new(kernel), CubeCount::Static(x, y, z), KernelArguments::new().with_buffers(bindings));
}

/// An uninitialised tensor with the device and number type of `like`.
pub(crate) fn empty(like: &CubeTensor, shape: Shape) -> CubeTensor {
    let bytes = shape.num_elements() * like.elem_size();
    let handle = like.client.empty(bytes);
    CubeTensor::new_contiguous(like.client.clone(), like.device.clone(), shape, handle, like.dtype)
}

/// The tensor with its values in the order of its indices; a copy if they lie otherwise.
pub(crate) fn contiguous(tensor: CubeTensor) -> CubeTensor {
    into_contiguous(tensor)
}
