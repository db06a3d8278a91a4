//! "What is this code for?" - Classify: linear probe from few labels.

use pinhole_latent::{
    Labels, Vectors,
    measure::{ClassificationReport, LinearProbeFit, NeighbourVote, PrecisionRecall, Scaling, accuracy},
};
use pinhole_protocol::latent::{Candidate, Grade, LatentMeasure, Question, Verdict};

use super::{Comparison, context::Context, not_applicable, text::percent};
use crate::EngineError;

/// Numbers of labels to learn from.
const LABELS: [usize; 3] = [20, 100, 500];
/// The number of labels of the supervised network, and of the verdict, where there are so many.
pub const SUPERVISED_LABELS: usize = 100;
/// Seeded samples of labels over which accuracies are averaged.
const SEEDS: u64 = 3;
/// Neighbours that vote.
const NEIGHBOURS: usize = 5;
/// Difference that is about the same.
const MARGIN: f64 = 0.01;
const EXPLANATION: &str = "Share of right labels of a linear classifier (multinomial logistic regression) that learns \
                           from so few labelled samples, and is tested on the others; mean of three samples of labels.";

/// Labelled samples to learn from, and those to test on, of the first seed: at least as many are left to test on.
/// `None` where labels are too few, or of one class.
fn split(labels: &Labels, count: usize, seed: u64) -> Option<(Labels, Labels)> {
    let (train, test) = labels.split(count, seed)?;
    (train.names().len() >= 2 && test.len() >= count).then_some((train, test))
}

/// Number of labels that the verdict is told for: the most, up to 100, that leave as many to test on.
fn deciding_count(labels: &Labels) -> Option<usize> {
    LABELS.into_iter().filter(|&count| count <= SUPERVISED_LABELS).rfind(|&count| split(labels, count, 0).is_some())
}

/// The labelled samples that a supervised network is to be trained with and tested on: those of the verdict.
pub fn supervised_split(labels: &[Option<u8>]) -> Option<(Labels, Labels)> {
    let labels = Labels::new(labels);
    split(&labels, deciding_count(&labels)?, 0)
}

/// Compares what a linear classifier makes of the representations.
pub(super) async fn verdict<P: AsyncFn()>(context: &Context<'_, P>) -> Result<Verdict, EngineError> {
    let labels = &context.labels;
    let measure = |count: usize| format!("Accuracy of a linear probe with {count} labels");
    let Some(count) = deciding_count(labels) else {
        let reason = match (labels.len(), labels.names().len()) {
            (0, _) => "The samples have no labels: open labelled ones to ask for this.".to_owned(),
            (_, 1) => "All labelled samples have the same label: there is nothing to tell apart.".to_owned(),
            (found, _) => format!(
                "{found} labelled samples are too few: at least {} are needed, and one per class.",
                2 * LABELS[0]
            ),
        };
        return Ok(not_applicable(Question::Classify, &measure(SUPERVISED_LABELS), reason));
    };
    let mut candidates = context
        .of_each(async |representation| {
            Ok(Some(mean_accuracy(context, &representation.vectors, count, Classifier::Probe).await?))
        })
        .await?;
    let comparison = Comparison::of(&candidates, true);
    let grade = comparison.map_or(Grade::NotApplicable, |comparison| comparison.grade(true, MARGIN));
    let name = "Supervised network, equal size";
    candidates.push(Candidate { name: name.into(), value: context.code.supervised.as_ref().ok().copied() });
    let ceiling = match &context.code.supervised {
        Ok(ceiling) => {
            format!("A network of equal size trained with these labels alone reaches {}.", percent(*ceiling))
        }
        Err(reason) => reason.clone(),
    };
    Ok(Verdict {
        question: Question::Classify,
        grade,
        sentence: format!("{} {ceiling}", sentence(comparison, grade, count)),
        measure: measure(count),
        explanation: EXPLANATION.into(),
        higher_is_better: true,
        candidates,
    })
}

fn sentence(comparison: Option<Comparison>, grade: Grade, count: usize) -> String {
    let Some(comparison) = comparison else {
        return "There are no samples to compare the code with: only its own figure is told.".into();
    };
    let [code, best] = [comparison.code, comparison.best].map(percent);
    match grade {
        Grade::Good => format!("From {count} labels it tells {code} rightly, PCA and the raw samples at most {best}."),
        Grade::Fair => format!("From {count} labels it tells {code} rightly, about as many as without it ({best})."),
        _ => format!(
            "From {count} labels it tells {code} rightly, fewer than without it ({best}): classify PCA or the raw samples."
        ),
    }
}

/// A simple classifier of vectors.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Classifier {
    Probe,
    Neighbours,
}

impl Classifier {
    const fn name(self) -> &'static str {
        match self {
            Self::Probe => "Linear probe",
            Self::Neighbours => "Five nearest neighbours",
        }
    }
}

/// Mean accuracy over the seeded samples of labels.
async fn mean_accuracy<P: AsyncFn()>(
    context: &Context<'_, P>,
    vectors: &Vectors,
    count: usize,
    classifier: Classifier,
) -> Result<f64, EngineError> {
    let mut sum = 0.0;
    let mut seeds = 0.0;
    for seed in 0..SEEDS {
        let Some((train, test)) = split(&context.labels, count, seed) else { continue };
        sum += accuracy(&test.values(), &predicted(context, vectors, &train, &test, classifier).await?);
        seeds += 1.0;
    }
    Ok(if seeds > 0.0 { sum / seeds } else { 0.0 })
}

/// Labels of the test samples.
async fn predicted<P: AsyncFn()>(
    context: &Context<'_, P>,
    vectors: &Vectors,
    train: &Labels,
    test: &Labels,
    classifier: Classifier,
) -> Result<Vec<u8>, EngineError> {
    if classifier == Classifier::Neighbours {
        return Ok(context.run(NeighbourVote::of(vectors, train, test.rows(), NEIGHBOURS)?).await);
    }
    let scaled = Scaling::fit(vectors, train.rows()).apply(vectors);
    let probe = context.run(LinearProbeFit::new(&scaled, train)?).await;
    Ok(probe.predict(&scaled, test.rows()))
}

/// Both classifiers at every number of labels, and precision, recall and F1 of each class on the codes.
pub(super) async fn more<P: AsyncFn()>(context: &Context<'_, P>) -> Result<Vec<LatentMeasure>, EngineError> {
    let mut measures = Vec::new();
    for classifier in [Classifier::Probe, Classifier::Neighbours] {
        for count in LABELS.into_iter().filter(|&count| split(&context.labels, count, 0).is_some()) {
            let candidates = context
                .of_each(async |representation| {
                    Ok(Some(mean_accuracy(context, &representation.vectors, count, classifier).await?))
                })
                .await?;
            let name = format!("{}, {count} labels: accuracy", classifier.name());
            measures.push(LatentMeasure { group: "Labels".into(), name, candidates });
        }
    }
    if let Some((train, test)) = deciding_count(&context.labels).and_then(|count| split(&context.labels, count, 0)) {
        measures.extend(report(context, &train, &test).await?);
    }
    Ok(measures)
}

/// A figure of a class, or of their mean.
type Figure = fn(&PrecisionRecall) -> f64;

const FIGURES: [(&str, Figure); 3] =
    [("precision", |found| found.precision), ("recall", |found| found.recall), ("F1", |found| found.f1)];

/// Precision, recall and F1 of each class, of the probe.
async fn report<P: AsyncFn()>(
    context: &Context<'_, P>,
    train: &Labels,
    test: &Labels,
) -> Result<Vec<LatentMeasure>, EngineError> {
    let truth = test.values();
    let mut reports = Vec::new();
    for representation in &context.representations {
        let labels = predicted(context, &representation.vectors, train, test, Classifier::Probe).await?;
        reports.push((&representation.name, ClassificationReport::new(&truth, &labels)));
    }
    let mut measures = Vec::new();
    for &label in test.names() {
        let name = context.code.label_names.get(usize::from(label)).cloned().unwrap_or_else(|| label.to_string());
        for (kind, figure) in FIGURES {
            let of_class = |report: &ClassificationReport| {
                report.classes.iter().find(|class| class.label == label).map(|class| figure(&class.figures))
            };
            let candidates = reports
                .iter()
                .map(|(name, report)| Candidate { name: (*name).clone(), value: of_class(report) })
                .collect();
            let name = format!("{name}: {kind} with {} labels", train.len());
            measures.push(LatentMeasure { group: "Classes".into(), name, candidates });
        }
    }
    for (kind, figure) in FIGURES {
        let of_all = |(name, report): &(&String, ClassificationReport)| Candidate {
            name: (*name).clone(),
            value: Some(figure(&report.macro_mean)),
        };
        let name = format!("Mean over classes: {kind} with {} labels", train.len());
        let candidates = reports.iter().map(of_all).collect();
        measures.push(LatentMeasure { group: "Classes".into(), name, candidates });
    }
    Ok(measures)
}
