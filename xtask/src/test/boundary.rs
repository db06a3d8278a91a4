//! Dependencies between crates go one way: see ARCHITECTURE.md.

use anyhow::{Result, bail};
use xtask::process::{cargo, output};

/// A package, and the crates that it must not link, for wasm.
struct Rule {
    package: &'static str,
    forbidden: &'static [&'static str],
    why: &'static str,
}

const WASM: &str = "wasm32-unknown-unknown";
const BURN: &[&str] = &["burn", "cubecl", "wgpu", "pinhole-engine", "pinhole-kernels"];
const PAGE: &[&str] = &["yew", "gloo", "pinhole"];
/// Crates that know more than tensors.
const ABOVE_TENSORS: &[&str] = &["pinhole-engine", "pinhole-protocol", "pinhole-table", "pinhole-anomaly"];
/// Burn and all our crates: what a leaf may not link.
const NOT_IN_LEAF: &[&str] = &[
    "burn",
    "cubecl",
    "wgpu",
    "pinhole-engine",
    "pinhole-kernels",
    "pinhole-protocol",
    "pinhole-table",
    "pinhole-anomaly",
];

const RULES: [Rule; 8] = [
    Rule { package: "pinhole", forbidden: BURN, why: "the page paints before the engine arrives" },
    Rule { package: "pinhole-protocol", forbidden: BURN, why: "the protocol is plain data" },
    Rule { package: "pinhole-engine", forbidden: PAGE, why: "the engine knows no page" },
    Rule { package: "pinhole-kernels", forbidden: ABOVE_TENSORS, why: "kernels know tensors, not autoencoders" },
    Rule { package: "pinhole-worker", forbidden: PAGE, why: "the worker only passes messages" },
    Rule { package: "pinhole-table", forbidden: BURN, why: "reading tables needs no tensors" },
    Rule {
        package: "pinhole-anomaly",
        forbidden: BURN,
        why: "detectors have kernels of their own, and build in seconds",
    },
    Rule { package: "pinhole-numerics", forbidden: NOT_IN_LEAF, why: "all other crates may use it" },
];

/// One result per rule.
pub fn checks() -> Vec<Result<()>> {
    RULES.iter().map(check).collect()
}

fn check(rule: &Rule) -> Result<()> {
    let tree = output(&mut cargo(&[
        "tree",
        "--package",
        rule.package,
        "--target",
        WASM,
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    match first_forbidden(&tree, rule) {
        Some(found) => bail!("{} links {found}, but {}", rule.package, rule.why),
        None => Ok(()),
    }
}

/// A line is `name v1.2.3 (…)`; a forbidden name forbids its family too (`burn` forbids `burn-core`), except for our
/// own packages, whose names all begin alike.
fn first_forbidden<'tree>(tree: &'tree str, rule: &Rule) -> Option<&'tree str> {
    tree.lines().filter_map(|line| line.split_whitespace().next()).find(|name| {
        rule.forbidden.iter().any(|forbidden| {
            name == forbidden
                || name
                    .strip_prefix(forbidden)
                    .is_some_and(|rest| rest.starts_with('-') && !name.starts_with("pinhole"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_forbidden_with_its_head() {
        let page = &RULES[0];
        assert_eq!(first_forbidden("pinhole v0.1.0\nyew v0.23.0\nburn-core v0.22.1", page), Some("burn-core"));
        assert_eq!(first_forbidden("pinhole v0.1.0\nburndown v1.0.0\npinhole-protocol v0.1.0", page), None);
        let engine = &RULES[2];
        assert_eq!(first_forbidden("pinhole-engine v0.1.0\npinhole-protocol v0.1.0", engine), None);
        assert_eq!(first_forbidden("pinhole-engine v0.1.0\ngloo-timers v0.3.0", engine), Some("gloo-timers"));
        let leaf = &RULES[7];
        assert_eq!(first_forbidden("pinhole-numerics v0.1.0\nwide v1.0.0", leaf), None);
        assert_eq!(first_forbidden("pinhole-numerics v0.1.0\npinhole-protocol v0.1.0", leaf), Some("pinhole-protocol"));
    }
}
