//! Sample of a column's numbers, for a picture of their distribution.

/// Numbers that are kept at most.
const CAPACITY: usize = 512;

/// Bins of the histogram.
const BINS: usize = 16;

/// Evenly spaced numbers of a column: every one at first, every second once there are too many, then every fourth, …
#[derive(Clone, Debug)]
pub struct NumberSample {
    numbers: Vec<f32>,
    /// Numbers per kept one, a power of two.
    spacing: u64,
    offered: u64,
}

impl Default for NumberSample {
    fn default() -> Self {
        Self { numbers: Vec::new(), spacing: 1, offered: 0 }
    }
}

impl NumberSample {
    /// Offers the next number.
    #[inline]
    pub fn add(&mut self, number: f64) {
        if self.offered & (self.spacing - 1) == 0 {
            self.keep(number);
        }
        self.offered += 1;
    }

    fn keep(&mut self, number: f64) {
        if self.numbers.len() == CAPACITY {
            let mut index = 0;
            self.numbers.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.spacing *= 2;
            if self.offered & (self.spacing - 1) != 0 {
                return;
            }
        }
        self.numbers.push(number as f32);
    }

    /// Kept numbers per bin between the smallest and the largest of them; empty for fewer than two different ones.
    pub fn histogram(&self) -> Vec<u32> {
        let finite = || self.numbers.iter().copied().filter(|number| number.is_finite());
        let (least, most) = finite()
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(least, most), number| (least.min(number), most.max(number)));
        if least >= most {
            return Vec::new();
        }
        let mut bins = vec![0; BINS];
        for number in finite() {
            let share = f64::from(number - least) / f64::from(most - least);
            bins[((share * BINS as f64) as usize).min(BINS - 1)] += 1;
        }
        bins
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_column_is_sampled_evenly() {
        let mut sample = NumberSample::default();
        (0..100_000).for_each(|number| sample.add(f64::from(number)));
        let histogram = sample.histogram();
        assert_eq!(histogram.len(), BINS);
        assert!(histogram.iter().all(|&count| (15..=40).contains(&count)), "{histogram:?}");
    }

    #[test]
    fn a_constant_has_no_histogram_and_two_values_have_two_bins() {
        let mut sample = NumberSample::default();
        assert!(sample.histogram().is_empty());
        sample.add(2.0);
        assert!(sample.histogram().is_empty());
        sample.add(-3.0);
        let histogram = sample.histogram();
        assert_eq!((histogram[0], histogram[BINS - 1], histogram.iter().sum::<u32>()), (1, 1, 2));
    }
}
