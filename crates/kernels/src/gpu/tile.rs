//! The tile of a product that one thread computes, chosen for the adapter.

use std::sync::atomic::{AtomicBool, Ordering};

/// The kind of adapter that kernels run on. One adapter serves a process (a page, a worker), so it is set once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Adapter {
    /// A graphics processor: fast with many workgroups that share what they load.
    Hardware,
    /// A processor that emulates one (SwiftShader, llvmpipe): fast with large tiles in registers, as it has few cores
    /// and no memory for sharing that is faster than its caches.
    Software,
}

static IS_SOFTWARE: AtomicBool = AtomicBool::new(false);

/// Sets the adapter of all kernels that are made from now on; hardware by default.
pub fn set_adapter(adapter: Adapter) {
    IS_SOFTWARE.store(adapter == Adapter::Software, Ordering::Relaxed);
}

pub(super) fn adapter() -> Adapter {
    if IS_SOFTWARE.load(Ordering::Relaxed) { Adapter::Software } else { Adapter::Hardware }
}

/// The part of a product that a thread and a workgroup compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tile {
    /// Rows and columns of the output that a thread keeps in registers.
    pub thread: [usize; 2],
    /// Threads of a workgroup, along columns and rows.
    pub workgroup: [usize; 2],
    /// Steps along k that a workgroup loads at once into shared memory; 0 without it.
    pub shared_depth: usize,
}

const SHARED_DEPTH: usize = 16;
/// Steps along k below which another workgroup costs more to start than it saves.
const MIN_SPLIT_DEPTH: usize = 64;

impl Adapter {
    /// Workgroups that keep every core busy: of a large graphics processor, or of the few behind a software adapter.
    const fn min_workgroups(self) -> usize {
        match self {
            Self::Hardware => 128,
            Self::Software => 4,
        }
    }

    /// Threads of a workgroup along each side. A software adapter gains nothing by more, and smaller ones leave the
    /// largest tile enough of them: 128x64 by 256 takes 1.8 ms on SwiftShader in 8 workgroups of 4x4 threads with 8x8
    /// sums each, 3.7 in 8 of 8x8 threads with 4x4 sums.
    const fn workgroup(self) -> usize {
        match self {
            Self::Hardware => 8,
            Self::Software => 4,
        }
    }

    /// Sides of a thread's tile, largest first.
    const fn tile_sides(self) -> &'static [usize] {
        match self {
            Self::Hardware => &[8, 4, 2],
            Self::Software => &[8, 4],
        }
    }

    const fn shared_depth(self) -> usize {
        match self {
            Self::Hardware => SHARED_DEPTH,
            Self::Software => 0,
        }
    }
}

/// Number of independent samples that a workgroup computes at once: as many as possible, since they share what it
/// loads, but not so many that cores idle.
pub(crate) fn samples_per_workgroup(samples: usize) -> usize {
    let adapter = adapter();
    [8, 4, 2].into_iter().find(|&count| samples.div_ceil(count) >= adapter.min_workgroups()).unwrap_or(1)
}

impl Tile {
    /// The largest tile that leaves work for every core in a batch of outputs [m, n].
    pub fn choose([m, n]: [usize; 2], batch: usize) -> Self {
        let adapter = adapter();
        let mut tiles = adapter.tile_sides().iter().map(|&side| Self {
            thread: [side.min(m.next_power_of_two()), side.min(n.next_power_of_two())],
            workgroup: [adapter.workgroup(); 2],
            shared_depth: adapter.shared_depth(),
        });
        let smallest = tiles.clone().next_back().expect("each adapter has sides");
        let is_busy =
            |tile: &Self| tile.workgroups([m, n]).iter().product::<usize>() * batch >= adapter.min_workgroups();
        tiles.find(is_busy).unwrap_or(smallest)
    }

    /// Number of parts that k is split into, so that every core has work (split-K).
    pub fn split_k(&self, output: [usize; 2], k: usize) -> usize {
        let workgroups: usize = self.workgroups(output).iter().product();
        adapter().min_workgroups().div_ceil(workgroups).min(k / MIN_SPLIT_DEPTH).max(1)
    }

    /// Rows and columns that a workgroup computes.
    pub const fn block(&self) -> [usize; 2] {
        [self.thread[0] * self.workgroup[1], self.thread[1] * self.workgroup[0]]
    }

    /// Workgroups along the columns and the rows of an output [m, n].
    pub fn workgroups(&self, [m, n]: [usize; 2]) -> [usize; 2] {
        let [block_rows, block_columns] = self.block();
        [n.div_ceil(block_columns), m.div_ceil(block_rows)]
    }
}
