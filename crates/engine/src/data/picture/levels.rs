//! Range of a picture's samples, and its map to 0 to 255.

use super::samples::{Samples, Values};

/// Share of samples beyond each end of a range that are taken for defective pixels of a sensor.
const DEFECTIVE_SHARE: f64 = 1e-4;

/// Share of the bit depth's range below which a 16-bit picture is stretched to its own range: cameras and scanners that
/// use less than half of it would be dim, and those that use more look as they were meant to.
const MIN_USED_SHARE: f32 = 0.5;

/// Linear map of samples to 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Levels {
    low: f32,
    high: f32,
    /// True if it stretches a range that is narrower than that of the file's format.
    pub(super) is_stretched: bool,
}

impl Levels {
    /// The map of the file's format: the whole range of its 8 or 16 bits.
    pub(super) const fn of_format(samples: &Samples<'_>) -> Self {
        let high = match samples.values {
            Values::Bytes(_) => u8::MAX as f32,
            Values::Words(_) => u16::MAX as f32,
        };
        Self { low: 0.0, high, is_stretched: false }
    }

    /// The map of the range that the picture uses: that of 8 bits, or of the 9 to 16 bits that its largest sample needs;
    /// its own range if that is less than half of it. Transparent pixels do not count.
    pub(super) fn of_content(samples: &Samples<'_>) -> Self {
        let format = Self::of_format(samples);
        let Values::Words(_) = samples.values else { return format };
        let Some((low, high)) = used_range(samples) else { return format };
        // Samples of 10, 12 or 14 bits lie in 16 as they are.
        let bits = (u16::BITS - high.leading_zeros()).max(u8::BITS);
        let depth = ((1_u32 << bits) - 1) as f32;
        let (low, high) = (f32::from(low), f32::from(high));
        if high > low && high - low < MIN_USED_SHARE * depth {
            Self { low, high, is_stretched: true }
        } else {
            Self { low: 0.0, high: depth, is_stretched: bits < u16::BITS }
        }
    }

    /// The value, 0 to 255, of a sample.
    pub(super) fn apply(self, sample: f32) -> f32 {
        // Bytes stay exactly as they are: the product is a whole number below 65,026.
        ((sample - self.low) * 255.0 / (self.high - self.low)).clamp(0.0, 255.0)
    }
}

/// Lowest and highest sample of the colours, without defective pixels; `None` if all is transparent.
fn used_range(samples: &Samples<'_>) -> Option<(u16, u16)> {
    let Values::Words(words) = samples.values else { return None };
    let mut counts = vec![0_u32; 1 << u16::BITS];
    for pixel in words.chunks_exact(samples.channels) {
        let (colours, alpha) = pixel.split_at(samples.colours());
        if alpha.first() != Some(&0) {
            for &value in colours {
                counts[usize::from(value)] += 1;
            }
        }
    }
    let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    let ignored = (total as f64 * DEFECTIVE_SHARE) as u64;
    let lowest = first_beyond(ignored, counts.iter().enumerate())?;
    Some((lowest as u16, first_beyond(ignored, counts.iter().enumerate().rev())? as u16))
}

/// The value at which more than `ignored` samples are counted.
fn first_beyond<'a>(ignored: u64, mut counts: impl Iterator<Item = (usize, &'a u32)>) -> Option<usize> {
    let mut sum = 0;
    counts.find_map(|(value, &count)| {
        sum += u64::from(count);
        (sum > ignored).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(words: &[u16]) -> Levels {
        Levels::of_content(&Samples { values: Values::Words(words), width: words.len(), channels: 1 })
    }

    impl Levels {
        fn byte(self, sample: f32) -> u8 {
            self.apply(sample).round() as u8
        }
    }

    #[test]
    fn samples_of_fewer_bits_are_stretched_to_them() {
        for bits in 9..16 {
            let highest = (1_u16 << bits) - 1;
            let levels = levels(&[0, highest / 2, highest]);
            assert!(levels.is_stretched && levels.byte(f32::from(highest)) == 255, "{bits} bits");
        }
        assert_eq!(levels(&[0, 4084]).byte(4084.0), 254, "12 bits");
        assert_eq!(levels(&[0, 200]).byte(200.0), 200, "8 bits in 16");
        let full = levels(&[10, 60_000]);
        assert!(!full.is_stretched && full.byte(65_535.0) == 255);
    }

    #[test]
    fn a_narrow_range_is_stretched_to_itself() {
        let narrow = levels(&[30_000, 34_000]);
        assert_eq!((narrow.byte(30_000.0), narrow.byte(34_000.0)), (0, 255));
        let mut words = vec![1000; 20_000];
        words.resize(40_000, 1200);
        words.push(u16::MAX);
        assert_eq!(levels(&words).byte(1200.0), 255, "one defective pixel");
        assert_eq!(levels(&[700; 9]).byte(700.0), 174, "a flat picture is of 10 bits");
        assert_eq!(levels(&[0; 9]).byte(0.0), 0);
    }

    #[test]
    fn bytes_and_transparent_pixels_stay() {
        let bytes = Samples { values: Values::Bytes(&[3, 9]), width: 2, channels: 1 };
        assert_eq!(Levels::of_content(&bytes).byte(9.0), 9);
        let words = Samples { values: Values::Words(&[60_000, 0, 1000, 65_535]), width: 2, channels: 2 };
        assert_eq!(Levels::of_content(&words).byte(1023.0), 255);
    }
}
