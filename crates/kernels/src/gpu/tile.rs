//! How much of a product one thread works out.

use std::sync::atomic::{AtomicBool, Ordering};

/// What the kernels run on. One adapter serves a process (a page, a worker), so it is told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Adapter {
    /// A graphics processor: wants many workgroups, and shares what they load.
    Hardware,
    /// A processor that plays one (SwiftShader, llvmpipe): wants large tiles in registers, as it has few cores and
    /// nothing that is faster to share than its caches.
    Software,
}

static IS_SOFTWARE: AtomicBool = AtomicBool::new(false);

/// Tells what the kernels made from now on run on; hardware unless told otherwise.
pub fn set_adapter(adapter: Adapter) {
    IS_SOFTWARE.store(adapter == Adapter::Software, Ordering::Relaxed);
}

pub(super) fn adapter() -> Adapter {
    if IS_SOFTWARE.load(Ordering::Relaxed) { Adapter::Software } else { Adapter::Hardware }
}

/// A thread's share of a product, and a workgroup's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tile {
    /// Rows and columns of the result that a thread keeps in registers.
    pub thread: [usize; 2],
    /// Threads of a workgroup, along columns and rows.
    pub workgroup: [usize; 2],
    /// Steps along the inner dimension that a workgroup loads at once into shared memory; 0 without it.
    pub shared_depth: usize,
}

const SHARED_DEPTH: usize = 16;
/// Steps along the inner dimension below which another workgroup costs more to start than it saves.
const SHORTEST_PART: usize = 64;

impl Adapter {
    /// Workgroups that keep every core busy: of a large graphics processor, or of the few behind a software adapter.
    const fn busy(self) -> usize {
        match self {
            Self::Hardware => 128,
            Self::Software => 4,
        }
    }

    /// Threads of a workgroup, along each side. A software adapter gains nothing by more, and smaller ones leave the largest
    /// tile enough of them: 128x64 by 256 takes 1.8 ms on SwiftShader in 8 workgroups of 4x4 threads with 8x8 sums each,
    /// 3.7 in 8 of 8x8 threads with 4x4 sums.
    const fn workgroup(self) -> usize {
        match self {
            Self::Hardware => 8,
            Self::Software => 4,
        }
    }

    /// Sides of a thread's tile, largest first.
    const fn sides(self) -> &'static [usize] {
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

/// How many of `count` lanes that know nothing of each other a workgroup takes at once: the more, the more it does with
/// what it loads, but none so many that cores idle.
pub(crate) fn lanes(count: usize) -> usize {
    let adapter = adapter();
    [8, 4, 2].into_iter().find(|&share| count.div_ceil(share) >= adapter.busy()).unwrap_or(1)
}

impl Tile {
    /// The largest tile that leaves work for every core in a result of `rows` x `columns`, `batch` times.
    pub fn choose([rows, columns]: [usize; 2], batch: usize) -> Self {
        let adapter = adapter();
        let mut tiles = adapter.sides().iter().map(|&side| Self {
            thread: [side.min(rows.next_power_of_two()), side.min(columns.next_power_of_two())],
            workgroup: [adapter.workgroup(); 2],
            shared_depth: adapter.shared_depth(),
        });
        let smallest = tiles.clone().next_back().expect("each adapter has sides");
        let is_busy =
            |tile: &Self| tile.workgroups([rows, columns]).iter().product::<usize>() * batch >= adapter.busy();
        tiles.find(is_busy).unwrap_or(smallest)
    }

    /// Into how many parts the inner dimension is cut, so that every core has work.
    pub fn parts(&self, result: [usize; 2], inner: usize) -> usize {
        let workgroups: usize = self.workgroups(result).iter().product();
        adapter().busy().div_ceil(workgroups).min(inner / SHORTEST_PART).max(1)
    }

    /// Rows and columns that a workgroup works out.
    pub const fn block(&self) -> [usize; 2] {
        [self.thread[0] * self.workgroup[1], self.thread[1] * self.workgroup[0]]
    }

    /// Workgroups along columns and rows.
    pub fn workgroups(&self, [rows, columns]: [usize; 2]) -> [usize; 2] {
        let [block_rows, block_columns] = self.block();
        [columns.div_ceil(block_columns), rows.div_ceil(block_rows)]
    }
}
