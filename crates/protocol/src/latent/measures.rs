//! Measures of a code: one question, one deciding figure, a verdict; the others beside it.

use serde::{Deserialize, Serialize};

/// What the code is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Rebuild the sample from fewer numbers.
    #[default]
    Compress,
    /// Remove the corruption that it was trained with.
    Denoise,
    /// Bring alike samples together.
    Group,
    /// Tell labels from few examples.
    Classify,
    /// Tell anomalies.
    Detect,
    /// Make new samples.
    Generate,
}

impl Question {
    /// Every question.
    pub const ALL: [Self; 6] =
        [Self::Compress, Self::Denoise, Self::Group, Self::Classify, Self::Detect, Self::Generate];

    /// Name on the page and in the terminal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compress => "Compress",
            Self::Denoise => "Denoise",
            Self::Group => "Group",
            Self::Classify => "Classify",
            Self::Detect => "Detect",
            Self::Generate => "Generate",
        }
    }
}

/// Short judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Better than what it is compared with.
    Good,
    /// About as good.
    Fair,
    /// Worse.
    Poor,
    /// The question cannot be asked of it.
    NotApplicable,
}

/// A representation that is compared, with its figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Name, such as “This code”, “PCA, 2 numbers”, “Raw pictures”.
    pub name: String,
    /// Its figure; `None` where there is none.
    pub value: Option<f64>,
}

/// Answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The question.
    pub question: Question,
    /// Judgement.
    pub grade: Grade,
    /// Judgement in one sentence, or the reason why the question cannot be asked.
    pub sentence: String,
    /// Name of the deciding measure, with its unit.
    pub measure: String,
    /// What the measure says, in one sentence.
    pub explanation: String,
    /// True if more is better.
    pub higher_is_better: bool,
    /// The code first, then what it is compared with.
    pub candidates: Vec<Candidate>,
}

/// One further measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatentMeasure {
    /// Group, such as “Reconstruction”, “Neighbourhood”, “Labels”, “Dimensions”.
    pub group: String,
    /// Name.
    pub name: String,
    /// Values of the representations that it was taken of, the code first.
    pub candidates: Vec<Candidate>,
}

/// All measures that were asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatentMeasures {
    /// Answer to the question.
    pub verdict: Verdict,
    /// The others; empty if they were not asked for.
    pub more: Vec<LatentMeasure>,
    /// Samples that were measured.
    pub samples: usize,
}
