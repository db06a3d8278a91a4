//! Peak memory of a training step, with and without gradient checkpointing.

#![expect(unsafe_code, reason = "an allocator can only be wrapped so")]

#[path = "engine/common/mod.rs"]
mod common;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use common::{bars, checked, cpu, experiment};
use pinhole_engine::training::{Start, TrainingRun};
use pinhole_protocol::{Activation, BottleneckSpec, Experiment, NetworkSpec, Normalisation};

/// Allocator that counts the bytes in use and their maximum.
struct CountingAllocator;

static BYTES_IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK_BYTES: AtomicUsize = AtomicUsize::new(0);

// SAFETY: the system allocator does all the work; only the sizes are counted.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let in_use = BYTES_IN_USE.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK_BYTES.fetch_max(in_use, Relaxed);
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        BYTES_IN_USE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// Peak of the bytes in use during training, above those in use before its steps.
fn peak_bytes(experiment: Experiment) -> usize {
    let mut run = TrainingRun::new(&cpu(), checked(experiment), &bars(512), Start::Fresh).expect("the run can start");
    // The first step allocates the optimiser's moments.
    pollster::block_on(run.advance()).expect("the CPU does not fail");
    let before = BYTES_IN_USE.load(Relaxed);
    PEAK_BYTES.store(before, Relaxed);
    for _ in 0..2 {
        pollster::block_on(run.advance()).expect("the CPU does not fail");
    }
    PEAK_BYTES.load(Relaxed) - before
}

#[test]
fn checkpointing_lowers_the_peak_of_memory() {
    let deep = |gradient_checkpointing| {
        let mut deep = experiment();
        deep.network.encoder = NetworkSpec::conv_blocks(&[8, 16, 16]);
        deep.network.bottleneck = BottleneckSpec::Direct;
        deep.network.activation = Activation::Gelu;
        deep.network.normalisation = Normalisation::Layer;
        (deep.schedule.batch_size, deep.schedule.validation_share) = (128, 0.0);
        deep.schedule.gradient_checkpointing = gradient_checkpointing;
        deep
    };
    let [without, with] = [false, true].map(|checkpointing| peak_bytes(deep(checkpointing)));
    let megabytes = |bytes| bytes as f64 / 1e6;
    println!("peak without checkpointing {:.1} MB, with it {:.1} MB", megabytes(without), megabytes(with));
    assert!((with as f64) < 0.8 * without as f64, "{with} of {without} bytes");
}
