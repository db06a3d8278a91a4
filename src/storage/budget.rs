//! Budget of the stored weights.

use super::runs::StoredRun;

/// Most bytes that stored weights take together: some forty runs of the presets.
pub const BUDGET_BYTES: usize = 256_000_000;

/// Ids of the runs whose weights have to go for the rest to be within `budget` bytes: the oldest first, never those of
/// the run `kept`, nor starred ones.
pub fn excess<'a>(runs: &'a [StoredRun], kept: &str, budget: usize) -> Vec<&'a str> {
    let mut total: usize = runs.iter().map(|run| run.bytes).sum();
    let mut oldest: Vec<_> = runs.iter().filter(|run| !run.is_starred && run.bytes > 0 && run.id != kept).collect();
    oldest.sort_by(|one, other| one.stored_at_ms.total_cmp(&other.stored_at_ms));
    let mut excess = Vec::new();
    for run in oldest {
        if total <= budget {
            break;
        }
        total -= run.bytes;
        excess.push(&*run.id);
    }
    excess
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn run(id: &str, bytes: usize, stored_at_ms: f64, is_starred: bool) -> StoredRun {
        StoredRun { id: id.into(), bytes, stored_at_ms, is_starred, ..StoredRun::default() }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_oldest_unstarred_weights_go_first() {
        let runs = [run("new", 40, 4.0, false), run("old", 30, 1.0, false), run("star", 30, 0.0, true)];
        assert_eq!(excess(&runs, "new", 100), [""; 0]);
        assert_eq!(excess(&runs, "new", 99), ["old"]);
        assert_eq!(excess(&runs, "new", 10), ["old"], "neither the star nor the present run");
        assert_eq!(excess(&runs, "old", 50), ["new"]);
    }
}
