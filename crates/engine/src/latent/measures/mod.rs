//! Measures of a code: one question, one deciding figure beside PCA of the same size and the raw samples, a verdict.
//!
//! All of them read [`MeasuredCode`], plain numbers, so that they hold for any network and for vectors from a file.

mod classify;
mod compress;
mod context;
mod denoise;
mod detect;
mod dimensions;
mod generate;
mod group;
mod more;
mod text;

#[cfg(test)]
mod tests;

pub use classify::{SUPERVISED_LABELS, supervised_split};
pub use context::{Denoising, DrawnFromCode, MeasuredCode, MeasuredSamples};

use pinhole_protocol::latent::{Candidate, Grade, LatentMeasures, Question, Verdict};

use self::context::Context;
use crate::EngineError;

/// Answers a question about a code, with all other measures if `with_more`. `pause` yields to the event loop between
/// pieces of work.
///
/// # Errors
/// When there are fewer than four codes, or a measure fails on them.
pub async fn answer(
    code: &MeasuredCode,
    question: Question,
    with_more: bool,
    pause: &impl AsyncFn(),
) -> Result<LatentMeasures, EngineError> {
    let context = Context::new(code, pause).await?;
    let verdict = match question {
        Question::Compress => compress::verdict(&context),
        Question::Denoise => denoise::verdict(&context),
        Question::Group => group::verdict(&context).await?,
        Question::Classify => classify::verdict(&context).await?,
        Question::Detect => detect::verdict(&context)?,
        Question::Generate => generate::verdict(&context).await?,
    };
    let more = if with_more { more::measures(&context).await? } else { Vec::new() };
    Ok(LatentMeasures { verdict, more, samples: code.codes.len() })
}

/// Figure of the code beside the best of the others.
#[derive(Clone, Copy, Debug)]
struct Comparison {
    code: f64,
    best: f64,
}

impl Comparison {
    /// Compares the first candidate with the others; `None` if one side has no figure.
    fn of(candidates: &[Candidate], higher_is_better: bool) -> Option<Self> {
        let (code, others) = candidates.split_first()?;
        let better = |a: f64, b: f64| if (a > b) == higher_is_better { a } else { b };
        Some(Self { code: code.value?, best: others.iter().filter_map(|other| other.value).reduce(better)? })
    }

    /// Judgement; figures that differ by no more than `margin` are about the same.
    fn grade(self, higher_is_better: bool, margin: f64) -> Grade {
        let gain = if higher_is_better { self.code - self.best } else { self.best - self.code };
        match gain {
            gain if gain > margin => Grade::Good,
            gain if gain >= -margin => Grade::Fair,
            _ => Grade::Poor,
        }
    }
}

/// Answer to a question that cannot be asked, for the reason in a sentence.
fn not_applicable(question: Question, measure: &str, reason: impl Into<String>) -> Verdict {
    Verdict {
        question,
        grade: Grade::NotApplicable,
        sentence: reason.into(),
        measure: measure.to_owned(),
        explanation: String::new(),
        higher_is_better: true,
        candidates: Vec::new(),
    }
}
