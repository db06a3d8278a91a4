//! Dependencies between crates go one way: see ARCHITECTURE.md.

use anyhow::{Result, bail};
use xtask::process::{cargo, output};

/// Package, crates that its wasm build must not link, and the reason.
struct Rule {
    package: &'static str,
    forbidden: &'static [&'static [&'static str]],
    reason: &'static str,
}

const WASM: &str = "wasm32-unknown-unknown";
/// Burn and what it computes with.
const BURN: &[&str] = &["burn", "cubecl", "wgpu"];
/// The page, and what only pages need.
const PAGE: &[&str] = &["yew", "gloo", "pinhole"];
/// Our crates that link Burn.
const OURS_WITH_BURN: &[&str] = &["pinhole-engine", "pinhole-kernels", "pinhole-worker", "pinhole-cli"];
/// Our crates that know more than tensors, without Burn.
const OURS_WITHOUT_BURN: &[&str] = &["pinhole-protocol", "pinhole-table", "pinhole-anomaly", "pinhole-latent"];

const RULES: [Rule; 11] = [
    Rule {
        package: "pinhole",
        forbidden: &[
            BURN,
            OURS_WITH_BURN,
            &["pinhole-anomaly", "pinhole-latent", "pinhole-table", "pinhole-formats", "pinhole-numerics"],
        ],
        reason: "the page paints before the engine arrives",
    },
    Rule {
        package: "pinhole-protocol",
        forbidden: &[BURN, PAGE, OURS_WITH_BURN, OURS_WITHOUT_BURN, &["pinhole-numerics"]],
        reason: "the protocol is plain data",
    },
    Rule {
        package: "pinhole-engine",
        forbidden: &[PAGE, &["pinhole-worker", "pinhole-cli", "pinhole-formats"]],
        reason: "the engine knows no page, and the readers of workbooks and the like are fetched when they are needed",
    },
    Rule {
        package: "pinhole-kernels",
        forbidden: &[PAGE, OURS_WITH_BURN, OURS_WITHOUT_BURN],
        reason: "kernels know tensors, not autoencoders",
    },
    Rule {
        package: "pinhole-worker",
        forbidden: &[PAGE, &["pinhole-cli", "pinhole-formats"]],
        reason: "the worker only passes messages, and fetches the readers of workbooks and the like",
    },
    Rule {
        package: "pinhole-formats",
        forbidden: &[BURN, PAGE, OURS_WITH_BURN, &["pinhole-anomaly", "zstd-sys"]],
        reason: "readers of files need no tensors and no detector, and nothing in C is compiled for the page",
    },
    Rule {
        package: "pinhole-table",
        forbidden: &[BURN, PAGE, OURS_WITH_BURN, &["pinhole-anomaly", "encoding_rs"]],
        reason: "reading tables needs no tensors, no detector, and no table that every browser has",
    },
    Rule {
        package: "pinhole-anomaly",
        forbidden: &[BURN, PAGE, OURS_WITH_BURN],
        reason: "detectors have kernels of their own, and build in seconds",
    },
    Rule {
        package: "pinhole-export",
        forbidden: &[BURN, PAGE, OURS_WITH_BURN, &["pinhole-anomaly", "pinhole-table", "pinhole-numerics"]],
        reason: "listings need plans, no tensors, and the page may link them",
    },
    Rule {
        package: "pinhole-latent",
        forbidden: &[BURN, PAGE, OURS_WITH_BURN, &["pinhole-protocol", "pinhole-table", "pinhole-anomaly"]],
        reason: "projections and measures are arithmetic on vectors, whatever they stand for",
    },
    Rule {
        package: "pinhole-numerics",
        forbidden: &[BURN, PAGE, OURS_WITH_BURN, OURS_WITHOUT_BURN],
        reason: "all other crates may use it",
    },
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
        Some(found) => bail!("{} links {found}, but {}", rule.package, rule.reason),
        None => Ok(()),
    }
}

/// First forbidden crate in the output of `cargo tree`, whose lines are `name v1.2.3 (…)`. A forbidden name forbids its
/// family too (`burn` forbids `burn-core`), except for our own packages, whose names all begin alike. The package itself
/// is never forbidden.
fn first_forbidden<'tree>(tree: &'tree str, rule: &Rule) -> Option<&'tree str> {
    let is_forbidden = |name: &str| {
        rule.forbidden.iter().copied().flatten().any(|forbidden| {
            let family = name.strip_prefix(forbidden).filter(|_| !name.starts_with("pinhole"));
            name == *forbidden || family.is_some_and(|rest| rest.starts_with('-'))
        })
    };
    let mut names = tree.lines().filter_map(|line| line.split_whitespace().next());
    names.find(|name| *name != rule.package && is_forbidden(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(package: &str, linked: &str) -> Option<String> {
        let rule = RULES.iter().find(|rule| rule.package == package).expect("the package has a rule");
        let tree = format!("{package} v0.1.0 (/pinhole)\nserde v1.0.0\n{linked} v0.1.0\n");
        first_forbidden(&tree, rule).map(str::to_owned)
    }

    #[test]
    fn every_rule_can_fail() {
        for (package, linked) in [
            ("pinhole", "pinhole-engine"),
            ("pinhole", "pinhole-table"),
            ("pinhole-protocol", "pinhole-numerics"),
            ("pinhole-protocol", "burn"),
            ("pinhole-engine", "yew"),
            ("pinhole-engine", "pinhole"),
            ("pinhole-kernels", "pinhole-protocol"),
            ("pinhole-kernels", "pinhole-anomaly"),
            ("pinhole-worker", "gloo-timers"),
            ("pinhole-table", "pinhole-anomaly"),
            ("pinhole-table", "cubecl"),
            ("pinhole-table", "encoding_rs"),
            ("pinhole-formats", "burn"),
            ("pinhole-formats", "zstd-sys"),
            ("pinhole-engine", "pinhole-formats"),
            ("pinhole-worker", "pinhole-formats"),
            ("pinhole-anomaly", "burn"),
            ("pinhole-anomaly", "pinhole-engine"),
            ("pinhole-anomaly", "pinhole-kernels"),
            ("pinhole", "pinhole-latent"),
            ("pinhole-latent", "pinhole-protocol"),
            ("pinhole-numerics", "burn-flex"),
            ("pinhole-numerics", "pinhole-protocol"),
        ] {
            assert_eq!(found(package, linked).as_deref(), Some(linked), "{package}");
        }
    }

    #[test]
    fn other_crates_are_allowed() {
        for (package, linked) in [
            ("pinhole", "pinhole-protocol"),
            ("pinhole-engine", "pinhole-anomaly"),
            ("pinhole-engine", "pinhole-latent"),
            ("pinhole-latent", "pinhole-numerics"),
            ("pinhole-kernels", "pinhole-numerics"),
            ("pinhole-worker", "pinhole-engine"),
            ("pinhole-anomaly", "pinhole-table"),
            ("pinhole-table", "pinhole-protocol"),
            ("pinhole-numerics", "wide"),
        ] {
            assert_eq!(found(package, linked), None, "{package}");
        }
    }

    #[test]
    fn a_family_is_forbidden_with_its_head() {
        assert_eq!(found("pinhole", "burn-core").as_deref(), Some("burn-core"));
        assert_eq!(found("pinhole", "burndown"), None);
    }
}
