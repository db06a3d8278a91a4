//! How fast a run goes.

use std::{collections::VecDeque, time::Duration};

use web_time::Instant;

/// Long enough to be calm, short enough to follow a change.
const WINDOW: Duration = Duration::from_millis(1_500);

/// Images a second, over the last second or so.
#[derive(Debug)]
pub(super) struct Pace {
    /// When how many images had been trained on since the start, oldest first. Empty until the first are done: what came
    /// before is the making of the GPU's programs.
    marks: VecDeque<(Instant, usize)>,
    images: usize,
}

impl Pace {
    pub fn new() -> Self {
        Self { marks: VecDeque::new(), images: 0 }
    }

    /// Notes that `images` more are surely done.
    pub fn note(&mut self, images: usize) {
        let now = Instant::now();
        self.images += images;
        self.marks.push_back((now, self.images));
        while self.marks.len() > 2 && now.duration_since(self.marks[1].0) >= WINDOW {
            self.marks.pop_front();
        }
    }

    /// Forgets the past: there was a pause.
    pub fn restart(&mut self) {
        self.marks.clear();
    }

    /// 0 before anything is known.
    pub fn images_per_s(&self) -> f32 {
        let (Some((first, before)), Some((last, after))) = (self.marks.front(), self.marks.back()) else { return 0.0 };
        let seconds = last.duration_since(*first).as_secs_f32();
        if seconds > 0.0 { (after - before) as f32 / seconds } else { 0.0 }
    }
}
