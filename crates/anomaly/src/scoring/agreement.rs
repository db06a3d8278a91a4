//! Agreement of two rankings, and the verdict if a linear method is enough.

pub use pinhole_numerics::ranking::spearman;
use pinhole_protocol::table::LinearVerdict;

/// PCA is enough if its AUROC is at most this much lower: so small a gain is not worth a network.
const AUROC_MARGIN: f64 = 0.005;
/// Without labels, PCA is enough if both the correlation and the overlap are at least this.
const SAME_RANKING: f64 = 0.9;
/// The top of a ranking is one row of this many.
const TOP_PART: usize = 20;

/// Share of the top twentieth of `one` (at least one row) that is in the top twentieth of `other` too; among equal
/// scores the earlier row goes first. 0 without rows.
///
/// # Panics
/// When the sides are not of one length.
pub fn top_overlap(one: &[f64], other: &[f64]) -> f64 {
    assert_eq!(one.len(), other.len(), "both rank the same rows");
    let (a, b) = (top(one), top(other));
    let shared = a.iter().filter(|row| b.binary_search(row).is_ok()).count();
    if a.is_empty() { 0.0 } else { shared as f64 / a.len() as f64 }
}

/// The rows of the top twentieth, in ascending order.
fn top(scores: &[f64]) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..scores.len()).collect();
    rows.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    rows.truncate(scores.len().div_ceil(TOP_PART));
    rows.sort_unstable();
    rows
}

/// Figures by which PCA is compared with the autoencoder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LinearEvidence {
    /// AUROC of both, if there are labels.
    Auroc {
        /// PCA's.
        pca: f64,
        /// The autoencoder's.
        autoencoder: f64,
    },
    /// Agreement of the rankings, if there are none.
    Rankings {
        /// [`spearman`] of their scores.
        rank_correlation: f64,
        /// [`top_overlap`] of them.
        top_overlap: f64,
    },
}

/// Verdict if PCA is enough.
///
/// With labels: its AUROC is at most .005 lower. Without: correlation and overlap of the top twentieth are at least .9;
/// without labels nobody can say which of two different rankings is better.
pub fn linear_verdict(evidence: LinearEvidence) -> LinearVerdict {
    match evidence {
        LinearEvidence::Auroc { pca, autoencoder } => {
            let is_enough = pca >= autoencoder - AUROC_MARGIN;
            let opening = if is_enough { "A linear method is enough here" } else { "The autoencoder pays here" };
            let sentence =
                format!("{opening}: PCA reaches an AUROC of {}, the autoencoder {}.", figure(pca), figure(autoencoder));
            LinearVerdict { is_enough, sentence }
        }
        LinearEvidence::Rankings { rank_correlation, top_overlap } => {
            let is_enough = rank_correlation >= SAME_RANKING && top_overlap >= SAME_RANKING;
            let opening = if is_enough {
                "A linear method is enough here: PCA ranks the rows as the autoencoder does"
            } else {
                "PCA ranks the rows differently, and without labels nobody can say which ranking is better"
            };
            let sentence = format!(
                "{opening} (rank correlation {}; {:.0} % of the top twentieth in common).",
                figure(rank_correlation),
                100.0 * top_overlap
            );
            LinearVerdict { is_enough, sentence }
        }
    }
}

/// A number with three decimals, without the 0 before the point.
fn figure(value: f64) -> String {
    let text = format!("{value:.3}");
    match (text.strip_prefix("0."), text.strip_prefix("-0.")) {
        (Some(decimals), _) => format!(".{decimals}"),
        (_, Some(decimals)) => format!("-.{decimals}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Reference {
        correlations: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        one: Vec<f64>,
        other: Vec<f64>,
        spearman: f64,
    }

    #[test]
    fn correlations_are_scipys() {
        let reference: Reference =
            serde_json::from_str(include_str!("../../tests/reference/scoring.json")).expect("the reference is JSON");
        for case in reference.correlations {
            assert!((spearman(&case.one, &case.other) - case.spearman).abs() < 1e-12);
        }
    }

    #[test]
    fn the_top_twentieth_is_compared() {
        let one: Vec<f64> = (0..100).map(f64::from).collect();
        let mut other = one.clone();
        assert!((top_overlap(&one, &other) - 1.0).abs() < 1e-12);
        (other[99], other[98]) = (0.0, 0.0);
        assert!((top_overlap(&one, &other) - 0.6).abs() < 1e-12);
        assert!(top_overlap(&[], &[]).abs() < 1e-12);
    }

    #[test]
    fn the_verdict_has_the_figures() {
        let verdict = linear_verdict(LinearEvidence::Auroc { pca: 0.993, autoencoder: 0.991 });
        let sentence = "A linear method is enough here: PCA reaches an AUROC of .993, the autoencoder .991.";
        assert_eq!((verdict.is_enough, verdict.sentence.as_str()), (true, sentence));
        assert!(!linear_verdict(LinearEvidence::Auroc { pca: 0.95, autoencoder: 1.0 }).is_enough);
        let verdict = linear_verdict(LinearEvidence::Rankings { rank_correlation: 0.97, top_overlap: 0.92 });
        assert!(
            verdict.is_enough
                && verdict.sentence.ends_with("(rank correlation .970; 92 % of the top twentieth in common).")
        );
        assert!(!linear_verdict(LinearEvidence::Rankings { rank_correlation: 0.97, top_overlap: 0.5 }).is_enough);
    }
}
