//! A kernel's text on its way to the device.

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
    /// Names the text: two kernels with equal keys have equal texts. CubeCL keeps what it has compiled by it.
    pub key: u64,
    /// The text, made when CubeCL has none compiled for the key yet.
    pub text: Box<dyn Fn() -> String + Send + Sync>,
    /// Threads of a workgroup.
    pub workgroup: [u32; 2],
}

impl Kernel {
    /// The kernel that `text` writes for `spec`.
    pub fn new<S: Hash + Send + Sync + 'static>(spec: S, workgroup: [u32; 2], text: fn(&S) -> String) -> Self {
        let mut hasher = DefaultHasher::new();
        std::any::TypeId::of::<S>().hash(&mut hasher);
        spec.hash(&mut hasher);
        Self { key: hasher.finish(), text: Box::new(move || text(&spec)), workgroup }
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
    /// What CubeCL would compile if there were no text.
    fn define(&self) -> KernelDefinition {
        let [x, y] = self.workgroup;
        let settings = KernelSettings::new(CubeDim::new_2d(x, y).0, ExecutionMode::Checked, AddressType::U32);
        KernelDefinition { body: Scope::root(settings.clone()), settings, info: Info::default() }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        Some(PrecompiledSource { source: (self.text)(), entrypoint_name: "main".into(), lang: "wgsl" })
    }
}

/// Launches `kernel` on as many workgroups as `count` says. Its bindings are the buffers in their order.
///
/// Every buffer is bound for reading and writing, as CubeCL's own are: two tensors may lie in one buffer, and WebGPU does
/// not let a dispatch bind that as both read-only and writable.
pub(crate) fn launch(kernel: Kernel, [x, y, z]: [u32; 3], buffers: &[&CubeTensor]) {
    let bindings = buffers.iter().map(|tensor| tensor.handle.clone().binding()).collect();
    let client = &buffers[0].client;
    client.launch(Box::new(kernel), CubeCount::Static(x, y, z), KernelArguments::new().with_buffers(bindings));
}

/// A tensor like `like`, with memory that holds anything.
pub(crate) fn empty(like: &CubeTensor, shape: Shape) -> CubeTensor {
    let bytes = shape.num_elements() * like.elem_size();
    let handle = like.client.empty(bytes);
    CubeTensor::new_contiguous(like.client.clone(), like.device.clone(), shape, handle, like.dtype)
}

/// The tensor, its values in the order of its indices.
pub(crate) fn rows(tensor: CubeTensor) -> CubeTensor {
    into_contiguous(tensor)
}
