//! What gradient checkpointing is for: the most memory that a step holds.

#![expect(unsafe_code, reason = "an allocator can only be wrapped so")]

mod common;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use common::{bars, checked, cpu, experiment};
use pinhole_engine::training::{Start, TrainingRun};
use pinhole_protocol::{Activation, BottleneckSpec, Experiment, NetworkSpec, Normalisation};

/// Counts what is held, and the most that ever was.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all work is the system allocator's; only the sizes are noted.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(held, Relaxed);
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that training held above what was held before its steps.
fn peak_bytes(experiment: Experiment) -> usize {
    let mut run = TrainingRun::new(&cpu(), checked(experiment), &bars(512), Start::Fresh).expect("the run can start");
    // The first step makes the optimiser's moments.
    pollster::block_on(run.advance()).expect("the CPU does not fail");
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    for _ in 0..2 {
        pollster::block_on(run.advance()).expect("the CPU does not fail");
    }
    PEAK.load(Relaxed) - before
}

#[test]
fn checkpointing_cuts_the_peak_of_memory() {
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
