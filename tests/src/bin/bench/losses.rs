//! Check that two competitors trained the same: both losses fall, and stay close to each other.

use serde_json::Value;

/// Steps after which a loss has fallen and no longer depends on the initial weights. Competitors draw their own, and the
/// bias of the last layer alone changes the first loss by a third.
const SETTLED_AFTER: usize = 10;

/// Losses, each with the number of steps done, ascending.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LossCurve(Vec<(usize, f64)>);

impl LossCurve {
    /// Reads the losses of an outcome: ours lists the loss of every step, a peer pairs of a step and its loss.
    pub fn read(outcome: &Value) -> Self {
        let list = outcome["losses"].as_array().map_or(&[][..], Vec::as_slice);
        let entry = |(index, value): (usize, &Value)| match value.as_array() {
            Some(pair) => Some((pair.first()?.as_u64()? as usize, pair.get(1)?.as_f64()?)),
            None => Some((index + 1, value.as_f64()?)),
        };
        Self(list.iter().enumerate().filter_map(entry).collect())
    }

    /// The loss at a step, averaged over up to two known steps each way.
    fn at(&self, step: usize) -> Option<f64> {
        self.0.iter().find(|(other, _)| *other == step)?;
        let near: Vec<f64> =
            self.0.iter().filter(|(other, _)| other.abs_diff(step) <= 2).map(|(_, loss)| *loss).collect();
        Some(near.iter().sum::<f64>() / near.len() as f64)
    }
}

/// Compares the losses of two runs of a task at the last step that both report; returns them as text.
///
/// # Errors
/// When they differ: describes the difference.
pub fn compare(ours: &LossCurve, theirs: &LossCurve) -> Result<String, String> {
    let common = theirs.0.iter().rev().find_map(|(step, loss)| Some((*step, ours.at(*step)?, *loss)));
    let Some((steps, our, their)) = common else { return Err("no loss to compare".into()) };
    let figures = format!("{their:.4} beside our {our:.4} after {steps} steps");
    let first = theirs.0[0].1;
    let is_settled = steps >= SETTLED_AFTER;
    if is_settled && their >= first {
        return Err(format!("loss does not fall: {figures}"));
    }
    let max_difference = if is_settled { 0.25 } else { 0.5 } * our;
    // False for NaN too.
    if (their - our).abs() <= max_difference { Ok(figures) } else { Err(format!("loss differs: {figures}")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn falling(from: f64) -> LossCurve {
        LossCurve(
            (1..=40)
                .map(|step| (step, from / f64::from(step).sqrt()))
                .map(|(step, loss)| (step as usize, loss))
                .collect(),
        )
    }

    #[test]
    fn both_formats_of_losses_are_read() {
        let ours = LossCurve::read(&json!({ "losses": [0.25, 0.125] }));
        assert_eq!(ours, LossCurve(vec![(1, 0.25), (2, 0.125)]));
        assert_eq!(LossCurve::read(&json!({ "losses": [[1, 0.25], [2, 0.125]] })), ours);
        assert_eq!(LossCurve::read(&json!({ "steps_per_s": 3 })), LossCurve::default());
    }

    #[test]
    fn the_same_work_is_distinguished_from_other_work() {
        let ours = falling(0.2);
        let alike = compare(&ours, &LossCurve(vec![(1, 0.21), (30, 0.034), (90, 0.01)])).expect("the losses are close");
        assert!(alike.ends_with("after 30 steps"), "{alike}");
        for other in [vec![(1, 0.2), (30, 0.2)], vec![(1, 0.2), (30, 0.01)], vec![(1, 0.2), (30, f64::NAN)], vec![]] {
            assert!(compare(&ours, &LossCurve(other.clone())).is_err(), "{other:?}");
        }
    }
}
