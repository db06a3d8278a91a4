//! The glossary's text, `docs/glossary.md`, as sections of terms.

const TEXT: &str = include_str!("../../docs/glossary.md");

/// Terms under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// Its terms, in their order.
    pub entries: Vec<Entry>,
}

/// One term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The term.
    pub term: &'static str,
    /// Its explanation.
    pub text: &'static str,
}

impl Entry {
    /// Identifier of the term within the page and its address: small letters and digits, all else one hyphen.
    pub fn id(self) -> String {
        let name = self.term.split_once(" (").map_or(self.term, |(name, _)| name);
        let words = name.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
    }
}

/// Term that help texts link to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkedTerm {
    Accuracy,
    ActiveShare,
    ActiveUnits,
    Anomaly,
    AttributeDirection,
    Auroc,
    AveragePrecision,
    Baseline,
    Bottleneck,
    CodebookPerplexity,
    ConfidenceInterval,
    Contamination,
    Drift,
    Elbo,
    FiveNeighbourAccuracy,
    GaussianMixture,
    HeldOut,
    Interpolation,
    LatentVector,
    Mmd,
    Psnr,
    ReconstructionError,
    Ssim,
    LatentWalk,
    Unsupervised,
}

impl LinkedTerm {
    /// Identifier of the term.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::ActiveShare => "active-share",
            Self::ActiveUnits => "active-units",
            Self::Anomaly => "anomaly",
            Self::AttributeDirection => "attribute-direction",
            Self::Auroc => "auroc",
            Self::AveragePrecision => "average-precision",
            Self::Baseline => "baseline",
            Self::Bottleneck => "bottleneck",
            Self::CodebookPerplexity => "codebook-perplexity",
            Self::ConfidenceInterval => "confidence-interval",
            Self::Contamination => "contamination",
            Self::Drift => "drift",
            Self::Elbo => "elbo",
            Self::FiveNeighbourAccuracy => "five-neighbour-accuracy",
            Self::GaussianMixture => "gaussian-mixture",
            Self::HeldOut => "held-out",
            Self::Interpolation => "interpolation",
            Self::LatentVector => "latent-vector",
            Self::Mmd => "mmd",
            Self::Psnr => "psnr",
            Self::ReconstructionError => "reconstruction-error",
            Self::Ssim => "ssim",
            Self::LatentWalk => "latent-walk",
            Self::Unsupervised => "unsupervised",
        }
    }
}

/// All sections of the glossary.
pub fn sections() -> Vec<Section> {
    parse(TEXT)
}

/// Reads lines `## title` and `- **Term**: text`; all others are for readers of the file itself.
fn parse(text: &'static str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push(Section { title, entries: Vec::new() });
        } else if let (Some(section), Some((term, text))) =
            (sections.last_mut(), line.strip_prefix("- **").and_then(|entry| entry.split_once("**: ")))
        {
            section.entries.push(Entry { term, text });
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const LINKED: [LinkedTerm; 25] = [
        LinkedTerm::Accuracy,
        LinkedTerm::ActiveShare,
        LinkedTerm::ActiveUnits,
        LinkedTerm::Anomaly,
        LinkedTerm::AttributeDirection,
        LinkedTerm::Auroc,
        LinkedTerm::AveragePrecision,
        LinkedTerm::Baseline,
        LinkedTerm::Bottleneck,
        LinkedTerm::CodebookPerplexity,
        LinkedTerm::ConfidenceInterval,
        LinkedTerm::Contamination,
        LinkedTerm::Drift,
        LinkedTerm::Elbo,
        LinkedTerm::FiveNeighbourAccuracy,
        LinkedTerm::GaussianMixture,
        LinkedTerm::HeldOut,
        LinkedTerm::Interpolation,
        LinkedTerm::LatentVector,
        LinkedTerm::Mmd,
        LinkedTerm::Psnr,
        LinkedTerm::ReconstructionError,
        LinkedTerm::Ssim,
        LinkedTerm::LatentWalk,
        LinkedTerm::Unsupervised,
    ];

    #[wasm_bindgen_test(unsupported = test)]
    fn lines_become_sections_of_terms() {
        let sections = parse("# Title\n\nFor readers.\n\n## Data\n\n- **Row**: one record.\n- no term\n## Rest\n");
        let row = Entry { term: "Row", text: "one record." };
        assert_eq!(
            sections,
            [Section { title: "Data", entries: vec![row] }, Section { title: "Rest", entries: Vec::new() }]
        );
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn every_entry_of_the_file_is_read_and_has_an_address_of_its_own() {
        let entries: Vec<Entry> = sections().into_iter().flat_map(|section| section.entries).collect();
        assert_eq!(entries.len(), TEXT.lines().filter(|line| line.starts_with("- ")).count());
        let ids: HashSet<String> = entries.iter().map(|entry| entry.id()).collect();
        assert_eq!(ids.len(), entries.len());
        for linked in LINKED {
            assert!(ids.contains(linked.id()), "{linked:?} is not in the glossary");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn identifiers_leave_out_abbreviations() {
        let id = |term| Entry { term, text: "" }.id();
        assert_eq!(id("Variational autoencoder (VAE)"), "variational-autoencoder");
        assert_eq!(id("Teacher, student"), "teacher-student");
        assert_eq!(id("Five-neighbour accuracy"), "five-neighbour-accuracy");
    }
}
