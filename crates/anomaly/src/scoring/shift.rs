//! Shift of a distribution: its size by two statistics, and their significance for the number of rows.

use pinhole_protocol::table::ShiftSize;
use pinhole_table::preparation::normal_quantile;

/// Population stability index below which a column is stable (a rule of thumb of credit scoring).
const STABLE: f64 = 0.1;
/// Population stability index above which the shift is large.
const LARGE_SHIFT: f64 = 0.25;
/// Distance of two distributions below which a column is stable: two normal distributions whose spreads differ so that
/// their index is 0.1 are about this far apart.
const STABLE_DISTANCE: f64 = 0.05;
/// Distance above which the shift can be large.
const LARGE_DISTANCE: f64 = 0.1;
/// Change of a share of cells from which on it counts as a shift.
const SHARE_SHIFT: f64 = 0.05;
/// Change of a share from which on the shift is large.
const LARGE_SHARE_SHIFT: f64 = 0.2;
/// Share that an empty bin counts as: the logarithm of 0 is infinite.
pub(super) const MIN_SHARE: f64 = 1e-4;
/// Rows that a bin must hold in the smaller of both tables, were they alike (Cochran 1954).
const MIN_BIN_ROWS: f64 = 5.0;
/// Probability that any column of a table that has not changed is called shifted.
const SIGNIFICANCE: f64 = 0.01;

/// Probability that one of so many columns may be called shifted by chance (Bonferroni).
pub(super) fn significance(comparisons: usize) -> f64 {
    SIGNIFICANCE / comparisons.max(1) as f64
}

/// Counts in bins before and now, where the `bins` that hold too few rows are merged with those that follow them.
///
/// The rows expected in a bin are those that the smaller table would have there if both were alike, so that a bin that
/// was empty before stays one of its own if many rows are in it now.
pub(super) fn merge_small(before: &[u64], now: &[u64]) -> Vec<(u64, u64)> {
    let (before_total, now_total) = (total(before), total(now));
    let smaller = share(before_total.min(now_total), before_total + now_total);
    let is_enough = |(a, b): (u64, u64)| (a + b) as f64 * smaller >= MIN_BIN_ROWS;
    let (mut bins, mut open) = (Vec::new(), (0, 0));
    for (a, b) in before.iter().zip(now) {
        open = (open.0 + a, open.1 + b);
        if is_enough(open) {
            bins.push(std::mem::take(&mut open));
        }
    }
    match bins.last_mut() {
        Some(last) => *last = (last.0 + open.0, last.1 + open.1),
        None => bins.push(open),
    }
    bins
}

/// Population stability index: the sum over bins of (now - before) ln(now / before), in shares of the rows. 0 if either
/// has no rows; an empty bin counts as a share of 0.0001.
pub(super) fn stability_index(bins: &[(u64, u64)]) -> f64 {
    let (before_total, now_total) = totals(bins);
    if before_total == 0 || now_total == 0 {
        return 0.0;
    }
    let shares = bins.iter().filter(|&&(a, b)| a > 0 || b > 0);
    shares
        .map(|&(a, b)| {
            let (a, b) = (share(a, before_total).max(MIN_SHARE), share(b, now_total).max(MIN_SHARE));
            (b - a) * (b / a).ln()
        })
        .sum()
}

/// Greatest distance of two distribution functions at the bins' right edges; 0 if either is empty.
pub(super) fn kolmogorov_smirnov_distance(before: &[u64], now: &[u64]) -> f64 {
    let (before_total, now_total) = (total(before), total(now));
    if before_total == 0 || now_total == 0 {
        return 0.0;
    }
    let (mut before_sum, mut now_sum, mut greatest) = (0, 0, 0.0_f64);
    for (before, now) in before.iter().zip(now) {
        (before_sum, now_sum) = (before_sum + before, now_sum + now);
        greatest = greatest.max((share(before_sum, before_total) - share(now_sum, now_total)).abs());
    }
    greatest
}

/// Total variation distance, half the sum of all differences in share; 0 if either is empty.
pub(super) fn total_variation(bins: &[(u64, u64)]) -> f64 {
    let (before_total, now_total) = totals(bins);
    if before_total == 0 || now_total == 0 {
        return 0.0;
    }
    bins.iter().map(|&(a, b)| (share(a, before_total) - share(b, now_total)).abs()).sum::<f64>() / 2.0
}

/// Size of a shift by index and distance: the smaller of what both say.
pub(super) fn shift_size(index: f64, distance: f64) -> ShiftSize {
    let by_index = size(index, STABLE, LARGE_SHIFT);
    by_index.min(size(distance, STABLE_DISTANCE, LARGE_DISTANCE))
}

/// True if an index over these bins is greater than chance makes it. Of two samples of one distribution, the index
/// divided by 1/n + 1/m is distributed as chi-square with one degree of freedom less than there are bins.
pub(super) fn is_index_significant(index: f64, bins: &[(u64, u64)], significance: f64) -> bool {
    let (before, now) = totals(bins);
    let Some(freedom) = bins.len().checked_sub(1).filter(|freedom| *freedom > 0) else { return false };
    index > chi_square_quantile(freedom as f64, significance) * inverse_sizes(before, now)
}

/// True if two distribution functions are farther apart than chance makes them (Smirnov 1948).
pub(super) fn is_distance_significant(distance: f64, before: &[u64], now: &[u64], significance: f64) -> bool {
    let critical = (-(significance / 2.0).ln() / 2.0).sqrt();
    distance > critical * inverse_sizes(total(before), total(now)).sqrt()
}

/// Size of the shift of a share: `stable` unless it changes by a twentieth, and by more than chance makes it change.
pub(super) fn share_shift(before: f64, rows_before: u64, now: f64, rows_now: u64, significance: f64) -> ShiftSize {
    if rows_before == 0 || rows_now == 0 {
        return ShiftSize::Stable;
    }
    let pooled = before.mul_add(rows_before as f64, now * rows_now as f64) / (rows_before + rows_now) as f64;
    let deviation = (pooled * (1.0 - pooled) * inverse_sizes(rows_before, rows_now)).sqrt();
    let change = (now - before).abs();
    let are_few = change * (rows_now as f64) < MIN_BIN_ROWS;
    if are_few || change <= normal_quantile(1.0 - significance / 2.0) * deviation {
        return ShiftSize::Stable;
    }
    size(change, SHARE_SHIFT, LARGE_SHARE_SHIFT)
}

pub(super) fn total(counts: &[u64]) -> u64 {
    counts.iter().fold(0, |sum, &count| sum.saturating_add(count))
}

pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn totals(bins: &[(u64, u64)]) -> (u64, u64) {
    bins.iter().fold((0, 0), |sum, bin| (sum.0 + bin.0, sum.1 + bin.1))
}

fn size(value: f64, some: f64, large: f64) -> ShiftSize {
    match value {
        _ if value > large => ShiftSize::Large,
        _ if value >= some => ShiftSize::Some,
        _ => ShiftSize::Stable,
    }
}

/// 1/n + 1/m.
fn inverse_sizes(n: u64, m: u64) -> f64 {
    1.0 / n as f64 + 1.0 / m as f64
}

/// Value that a chi-square variable exceeds with this probability (Wilson and Hilferty 1931).
fn chi_square_quantile(freedom: f64, exceeding: f64) -> f64 {
    let variance = 2.0 / (9.0 * freedom);
    freedom * normal_quantile(1.0 - exceeding).mul_add(variance.sqrt(), 1.0 - variance).powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_tables() {
        for (freedom, exceeding, expected) in [(9.0, 0.01, 21.666), (1.0, 0.01, 6.635), (100.0, 0.001, 149.449)] {
            let found = chi_square_quantile(freedom, exceeding);
            assert!((found / expected - 1.0).abs() < 0.02, "{found} for {expected}");
        }
    }

    #[test]
    fn bins_hold_enough_rows() {
        assert_eq!(merge_small(&[100, 1, 100, 1], &[10, 0, 10, 1]), [(100, 10), (102, 11)]);
        assert_eq!(merge_small(&[0, 50, 0], &[50, 0, 0]), [(0, 50), (50, 0)]);
        assert_eq!(merge_small(&[3, 3], &[1, 1]), [(6, 2)], "too few for two bins");
    }

    #[test]
    fn a_share_shifts_by_more_than_chance() {
        assert_eq!(share_shift(0.0, 1000, 0.06, 1000, 0.001), ShiftSize::Some);
        assert_eq!(share_shift(0.0, 1000, 0.5, 1000, 0.001), ShiftSize::Large);
        assert_eq!(share_shift(0.0, 1000, 0.01, 100_000, 0.001), ShiftSize::Stable, "significant, and little");
        assert_eq!(share_shift(0.1, 20, 0.3, 20, 0.001), ShiftSize::Stable, "much, and by chance");
    }
}
