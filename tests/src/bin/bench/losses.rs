//! Whether two trained the same: their losses fall, and alike.

use serde_json::Value;

/// Both begin with weights of their own, and a bias of the last layer alone moves the first loss by a third. From so many
/// steps on that is forgotten, and a loss has fallen.
const SETTLED_AFTER: usize = 10;

/// Losses, each with the number of steps done, in that order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Losses(Vec<(usize, f64)>);

impl Losses {
    /// Reads them from an outcome: ours lists the loss of every step, a peer pairs of a step and its loss.
    pub fn read(outcome: &Value) -> Self {
        let list = outcome["losses"].as_array().map_or(&[][..], Vec::as_slice);
        let entry = |(index, value): (usize, &Value)| match value.as_array() {
            Some(pair) => Some((pair.first()?.as_u64()? as usize, pair.get(1)?.as_f64()?)),
            None => Some((index + 1, value.as_f64()?)),
        };
        Self(list.iter().enumerate().filter_map(entry).collect())
    }

    /// The loss about that step, smoothed over two steps each way where they are known.
    fn at(&self, step: usize) -> Option<f64> {
        self.0.iter().find(|(other, _)| *other == step)?;
        let near: Vec<f64> =
            self.0.iter().filter(|(other, _)| other.abs_diff(step) <= 2).map(|(_, loss)| *loss).collect();
        Some(near.iter().sum::<f64>() / near.len() as f64)
    }
}

/// What there is to say of two runs of the same task: their losses at the last step that both tell of.
///
/// # Errors
/// In what they differ.
pub fn compare(ours: &Losses, theirs: &Losses) -> Result<String, String> {
    let common = theirs.0.iter().rev().find_map(|(step, loss)| Some((*step, ours.at(*step)?, *loss)));
    let Some((steps, our, their)) = common else { return Err("no loss to compare".into()) };
    let figures = format!("{their:.4} beside our {our:.4} after {steps} steps");
    let first = theirs.0[0].1;
    let is_settled = steps >= SETTLED_AFTER;
    if is_settled && their >= first {
        return Err(format!("loss does not fall: {figures}"));
    }
    let most_apart = if is_settled { 0.25 } else { 0.5 } * our;
    // A loss that is no number is not alike either.
    if (their - our).abs() <= most_apart { Ok(figures) } else { Err(format!("loss differs: {figures}")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn falling(from: f64) -> Losses {
        Losses(
            (1..=40)
                .map(|step| (step, from / f64::from(step).sqrt()))
                .map(|(step, loss)| (step as usize, loss))
                .collect(),
        )
    }

    #[test]
    fn both_ways_of_telling_losses_are_read() {
        let ours = Losses::read(&json!({ "losses": [0.25, 0.125] }));
        assert_eq!(ours, Losses(vec![(1, 0.25), (2, 0.125)]));
        assert_eq!(Losses::read(&json!({ "losses": [[1, 0.25], [2, 0.125]] })), ours);
        assert_eq!(Losses::read(&json!({ "steps_per_s": 3 })), Losses::default());
    }

    #[test]
    fn the_same_work_is_told_from_other_work() {
        let ours = falling(0.2);
        let alike = compare(&ours, &Losses(vec![(1, 0.21), (30, 0.034), (90, 0.01)])).expect("they are alike");
        assert!(alike.ends_with("after 30 steps"), "{alike}");
        for other in [vec![(1, 0.2), (30, 0.2)], vec![(1, 0.2), (30, 0.01)], vec![(1, 0.2), (30, f64::NAN)], vec![]] {
            assert!(compare(&ours, &Losses(other.clone())).is_err(), "{other:?}");
        }
    }
}
