//! Starting a device: the CPU always works, and a run can begin whatever WebGPU does.

use pinhole_engine::Compute;
use pinhole_protocol::{DeviceKind, DevicePreference};

#[test]
fn the_cpu_needs_no_reason() {
    let compute = pollster::block_on(Compute::start(DevicePreference::Cpu));
    assert_eq!(compute.info().kind, DeviceKind::Cpu);
    assert_eq!(compute.info().fallback_reason, None);
}

/// Tests the fallback on a machine without a GPU, and the start on one with a GPU.
#[test]
fn webgpu_starts_or_says_why_it_did_not() {
    let compute = pollster::block_on(Compute::start(DevicePreference::WebGpu));
    match compute.info().kind {
        DeviceKind::WebGpu => assert_eq!(compute.info().fallback_reason, None),
        DeviceKind::Cpu => {
            let reason = compute.info().fallback_reason.as_deref().expect("a fallback has a reason");
            assert!(reason.ends_with('.') && reason.len() > 20, "a sentence: {reason}");
        }
    }
    // A second start in one process cannot succeed on the GPU, and must not panic.
    let again = pollster::block_on(Compute::start(DevicePreference::Auto));
    assert!(again.info().kind == DeviceKind::WebGpu || again.info().fallback_reason.is_some());
}
