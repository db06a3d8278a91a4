//! Throughput of a run.

use std::{collections::VecDeque, time::Duration};

use web_time::Instant;

/// Long enough to be steady, short enough to follow a change.
const WINDOW: Duration = Duration::from_millis(1_500);

/// Samples per second, over the last [`WINDOW`].
#[derive(Debug)]
pub(super) struct Throughput {
    /// Times with the number of samples trained on until then, oldest first. Empty until the first losses are read: the
    /// time before them goes into compiling the GPU's kernels.
    records: VecDeque<(Instant, usize)>,
    samples: usize,
}

impl Throughput {
    pub fn new() -> Self {
        Self { records: VecDeque::new(), samples: 0 }
    }

    /// Records `samples` more, whose steps are known to be done.
    pub fn record(&mut self, samples: usize) {
        let now = Instant::now();
        self.samples += samples;
        self.records.push_back((now, self.samples));
        while self.records.len() > 2 && now.duration_since(self.records[1].0) >= WINDOW {
            self.records.pop_front();
        }
    }

    /// Starts anew after a pause.
    pub fn restart(&mut self) {
        self.records.clear();
    }

    /// Samples per second; 0 before two records.
    pub fn samples_per_s(&self) -> f32 {
        let (Some((first, before)), Some((last, after))) = (self.records.front(), self.records.back()) else {
            return 0.0;
        };
        let seconds = last.duration_since(*first).as_secs_f32();
        if seconds > 0.0 { (after - before) as f32 / seconds } else { 0.0 }
    }
}
