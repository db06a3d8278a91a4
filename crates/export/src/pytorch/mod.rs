//! The listing of an experiment in PyTorch: a module, its loss, an optimiser and a training loop, as a course would
//! show them.
//!
//! A listing holds what its experiment needs and nothing else. Layers are laid out by the
//! [`NetworkPlan`](pinhole_protocol::NetworkPlan) that the engine builds, so that parameters and shapes are the same;
//! random numbers are PyTorch's own. `tests/listings/check.py` runs the listings.

mod attributes;
mod augmentation;
mod autoencoder;
mod chain;
mod corruption;
mod data;
mod fragment;
mod layers;
mod loss;
mod omissions;
mod optimiser;
mod penalty;
mod python;
mod start;
mod training;

use pinhole_protocol::{CheckedExperiment, TrainingStart};

use self::{
    autoencoder::Autoencoder,
    fragment::fragments_of,
    loss::Loss,
    python::{comment, uses},
    training::Training,
};

/// An experiment in PyTorch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The program. Its head names the omissions; a line `data = ...` is left to the reader.
    pub text: String,
    /// One sentence per part of the experiment that the program does not express.
    pub omissions: Vec<String>,
}

/// Widest line of a comment, in characters.
const COMMENT_WIDTH: usize = 100;

/// Imports, each with a name that needs it.
const IMPORTS: [(&str, &str); 2] = [("copy.", "import copy"), ("math.", "import math")];

/// Imports from a module, by the names that are used.
const IMPORTS_FROM: [(&str, &[&str]); 3] = [
    (
        "torch.optim.lr_scheduler",
        &[
            "ChainedScheduler",
            "CosineAnnealingLR",
            "CosineAnnealingWarmRestarts",
            "ExponentialLR",
            "LinearLR",
            "ReduceLROnPlateau",
            "StepLR",
        ],
    ),
    ("torch.optim.swa_utils", &["AveragedModel", "get_ema_multi_avg_fn"]),
    ("torch.utils.data", &["DataLoader", "TensorDataset", "random_split"]),
];

/// Returns the listing of an experiment that begins from `start`.
pub fn listing(experiment: &CheckedExperiment, start: TrainingStart) -> Listing {
    let plan = experiment.plan();
    let autoencoder = Autoencoder::new(plan);
    let loss = Loss::new(experiment, start, &autoencoder);
    let training = Training { experiment, autoencoder: &autoencoder, loss: &loss };
    let definitions = [
        Some(autoencoder.class(&loss.outputs())),
        corruption::function(experiment),
        augmentation::function(experiment),
        Some(loss.function()),
    ];
    let definitions = definitions.into_iter().flatten().flat_map(|of| [fragments_of(&of), vec![of]].concat());
    let program = [
        data::loaders(experiment, &loss),
        start::model(experiment, &autoencoder, start),
        training.optimisers(),
        training.run(),
    ];
    let mut body = vec![data::place(experiment, &loss)];
    body.extend(definitions);
    body.extend(fragments_of(&program.join("\n")));
    body.extend(program);
    let omissions = omissions::omissions(experiment, start);
    let head = omissions.iter().flat_map(|sentence| comment(sentence, COMMENT_WIDTH));
    let head: Vec<String> = head.chain(imports(&body.join("\n"))).collect();
    let seed = format!("torch.manual_seed({})", experiment.spec().seed);
    let sections = [vec![head.join("\n"), seed], body].concat();
    Listing { text: join(&sections), omissions }
}

/// Lines of the imports that `body` needs.
fn imports(body: &str) -> Vec<String> {
    let used = |(name, _): &(&str, &str)| uses(body, name);
    let mut lines: Vec<String> = IMPORTS.into_iter().filter(used).map(|(_, import)| import.to_owned()).collect();
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push("import torch".into());
    if uses(body, "F.") {
        lines.push("import torch.nn.functional as F".into());
    }
    lines.push("from torch import nn".into());
    for (module, names) in IMPORTS_FROM {
        let used: Vec<&str> = names.iter().copied().filter(|name| uses(body, &format!("{name}("))).collect();
        if !used.is_empty() {
            lines.push(format!("from {module} import {}", used.join(", ")));
        }
    }
    lines
}

/// The sections of a program: two empty lines around a class or a function, else one.
fn join(sections: &[String]) -> String {
    let is_definition = |section: &str| section.starts_with("class ") || section.starts_with("def ");
    let mut text = String::new();
    for (index, section) in sections.iter().enumerate() {
        if index > 0 {
            let is_beside = is_definition(section) || is_definition(&sections[index - 1]);
            text.push_str(if is_beside { "\n\n\n" } else { "\n\n" });
        }
        text.push_str(section);
    }
    text + "\n"
}
