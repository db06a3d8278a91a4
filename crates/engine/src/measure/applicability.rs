//! Applicability of measures to an experiment.

use pinhole_protocol::{
    BottleneckPlan, CheckedExperiment, Completeness, Measure, PenaltyKind, Preset, ReconstructionLoss, Scope, Tie,
    TieTarget, presets,
};

use super::held_out::HeldOut;

/// Largest latent size whose codes can be plotted as a map.
const MAX_MAP_SIZE: usize = 3;

/// Labels and teacher that are available when a model is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// True if the held-out samples have labels.
    pub has_labels: bool,
    /// True if the held-out samples have every attribute that the experiment learns.
    pub has_attributes: bool,
    /// True if the model was distilled from another model, which is available.
    pub has_teacher: bool,
}

impl Context {
    /// What these held-out samples offer to the measures of an experiment.
    pub fn new(experiment: &CheckedExperiment, held_out: &HeldOut, has_teacher: bool) -> Self {
        let has_attributes = held_out.attributes().have_all_of(experiment.spec());
        Self { has_labels: held_out.has_labels(), has_attributes, has_teacher }
    }
}

/// Measures to take at the end of a run: those of the preset with the same network and objective, or else those that
/// belong to its parts; of these the applicable ones.
pub fn default_measures(experiment: &CheckedExperiment, context: Context) -> Vec<Measure> {
    let spec = experiment.spec();
    let is_same =
        |preset: &Preset| preset.experiment.network == spec.network && preset.experiment.objective == spec.objective;
    let of_student = [Measure::StudentError, Measure::StudentSize, Measure::StudentTime];
    let of_network = match presets().into_iter().find(is_same) {
        Some(preset) => preset.measures.to_vec(),
        None => measures_of_parts(experiment),
    };
    let mut measures = Vec::new();
    for measure in of_student.into_iter().chain(of_network) {
        if inapplicable_reason(measure, experiment, context).is_none() && !measures.contains(&measure) {
            measures.push(measure);
        }
    }
    measures
}

/// Measures that belong to the parts of the network and the objective.
fn measures_of_parts(experiment: &CheckedExperiment) -> Vec<Measure> {
    let (spec, plan) = (experiment.spec(), experiment.plan());
    let objective = &spec.objective;
    let has_penalty = |wanted: fn(PenaltyKind) -> bool| objective.penalties.iter().any(|penalty| wanted(penalty.kind));
    let is_sparse = has_penalty(|kind| matches!(kind, PenaltyKind::L1 | PenaltyKind::KlSparsity { .. }));
    let candidates = [
        (Measure::HiddenError, objective.scope == Scope::Hidden),
        (Measure::Denoising, !objective.corruption.is_none()),
        (Measure::ReconstructionError, objective.corruption.is_none()),
        (Measure::NegativeElbo, true),
        (Measure::ActiveUnits, true),
        (Measure::CodebookPerplexity, true),
        (Measure::PriorMmd, true),
        (Measure::ActiveShare, is_sparse || matches!(plan.bottleneck, BottleneckPlan::TopK { .. })),
        (Measure::Sensitivity, has_penalty(|kind| kind == PenaltyKind::Contractive)),
        (Measure::NoiseCopied, plan.completeness() == Completeness::Overcomplete || plan.has_skips()),
        (Measure::Accuracy, true),
        (Measure::RegressionR2, true),
        (Measure::RegressionMae, true),
        (Measure::TiedCorrelation, true),
        (Measure::TiedAccuracy, true),
        (Measure::NeighbourAccuracy, plan.code.len() <= MAX_MAP_SIZE || spec.network.head.is_some()),
    ];
    candidates.into_iter().filter(|(_, is_wanted)| *is_wanted).map(|(measure, _)| measure).collect()
}

/// Reason why `measure` does not apply to the experiment, and what would change that; `None` if it applies.
pub fn inapplicable_reason(measure: Measure, experiment: &CheckedExperiment, context: Context) -> Option<&'static str> {
    let (spec, plan) = (experiment.spec(), experiment.plan());
    let is_variational = plan.bottleneck == BottleneckPlan::Variational;
    let (applies, reason) = match measure {
        Measure::ReconstructionError => (true, ""),
        Measure::Denoising => (
            !spec.objective.corruption.is_none(),
            "Nothing is corrupted, so there is nothing to denoise: choose a corruption.",
        ),
        Measure::HiddenError => {
            (spec.objective.corruption.noise.hides(), "Nothing is hidden: choose a corruption that hides values.")
        }
        Measure::NeighbourAccuracy => {
            (context.has_labels, "Neighbours are compared by their labels: open samples with labels.")
        }
        Measure::NoiseCopied => (
            plan.input.height * plan.input.width > 1,
            "The noise is a picture with values from 0 to 1, and these inputs are rows of a table.",
        ),
        Measure::ActiveShare | Measure::Sensitivity => (
            !matches!(plan.bottleneck, BottleneckPlan::VectorQuantised { .. }),
            "A quantised code has no numbers of its own: measure its codebook's perplexity.",
        ),
        Measure::DeadUnits => (
            plan.bottleneck == BottleneckPlan::Plain && plan.code.height * plan.code.width == 1,
            "Dead units are those of a vector code: choose the plain bottleneck.",
        ),
        Measure::NegativeElbo => (
            is_variational && !plan.has_skips() && has_likelihood(spec.objective.loss),
            "The evidence lower bound needs a variational code without skips, and binary cross-entropy or a Gaussian \
             likelihood.",
        ),
        Measure::ActiveUnits => {
            (is_variational, "Active units are those of a variational code: choose that bottleneck.")
        }
        Measure::CodebookPerplexity => (
            matches!(plan.bottleneck, BottleneckPlan::VectorQuantised { .. }),
            "Only a quantised code has a codebook: choose that bottleneck.",
        ),
        Measure::PriorMmd => (
            matches!(plan.bottleneck, BottleneckPlan::Adversarial { .. }),
            "Only an adversarial code has a prior to be compared with: choose that bottleneck.",
        ),
        Measure::Accuracy => (
            context.has_labels && spec.network.head.is_some(),
            "Accuracy needs a classifier on the code, and samples with labels.",
        ),
        Measure::RegressionR2 | Measure::RegressionMae => (
            context.has_attributes && spec.network.regression.is_some(),
            "This needs a regression head on the code, and samples whose attribute is known.",
        ),
        Measure::TiedCorrelation => (
            context.has_attributes && spec.objective.ties.iter().any(|tie| tie.attribute().is_some()),
            "This needs a latent number that is tied to an attribute, and samples whose attribute is known.",
        ),
        Measure::TiedAccuracy => (
            context.has_labels && spec.objective.ties.iter().any(is_of_label),
            "This needs latent numbers that are tied to the label, and samples with labels.",
        ),
        Measure::StudentError | Measure::StudentSize | Measure::StudentTime => {
            (context.has_teacher, "This model has no teacher: distil a student from the current model.")
        }
    };
    (!applies).then_some(reason)
}

const fn is_of_label(tie: &Tie) -> bool {
    matches!(tie.target, TieTarget::Label { .. })
}

fn has_likelihood(loss: ReconstructionLoss) -> bool {
    matches!(loss, ReconstructionLoss::BinaryCrossEntropy | ReconstructionLoss::Gaussian)
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Activation, BottleneckSpec, Corruption, Experiment, HeadSpec, NetworkSpec, Noise, Penalty};

    use super::*;

    const LABELS: Context = Context { has_labels: true, has_attributes: true, has_teacher: false };

    fn measures(experiment: Experiment, context: Context) -> Vec<Measure> {
        default_measures(&experiment.check().expect("the experiment is valid"), context)
    }

    #[test]
    fn default_measures_of_a_preset_contain_its_own() {
        for preset in presets() {
            let context = Context { has_teacher: preset.measures.contains(&Measure::StudentError), ..LABELS };
            let found = measures(preset.experiment, context);
            assert!(preset.measures.iter().all(|measure| found.contains(measure)), "{}: {found:?}", preset.name);
        }
    }

    #[test]
    fn inapplicable_measures_are_left_out() {
        let plane = presets().into_iter().find(|preset| preset.name == "plane").expect("it is listed").experiment;
        assert!(measures(plane.clone(), LABELS).contains(&Measure::NeighbourAccuracy));
        assert_eq!(measures(plane, Context::default()), [Measure::ReconstructionError]);
    }

    #[test]
    fn an_experiment_without_a_preset_has_the_measures_of_its_parts() {
        let mut own = Experiment {
            network: NetworkSpec {
                bottleneck: BottleneckSpec::Dense { size: 3, activation: Activation::Linear },
                head: Some(HeadSpec { classes: 10 }),
                ..NetworkSpec::default()
            },
            ..Experiment::default()
        };
        own.objective.corruption = Corruption::new(Noise::Masking, 0.3);
        own.objective.penalties = vec![Penalty { kind: PenaltyKind::L1, weight: 0.1 }];
        let expected = [Measure::Denoising, Measure::ActiveShare, Measure::Accuracy, Measure::NeighbourAccuracy];
        assert_eq!(measures(own, LABELS), expected);
    }

    #[test]
    fn measures_of_a_student_come_first_and_once() {
        let found = measures(Experiment::default(), Context { has_teacher: true, ..Context::default() });
        assert_eq!(found[..3], [Measure::StudentError, Measure::StudentSize, Measure::StudentTime]);
        assert_eq!(found.iter().filter(|measure| **measure == Measure::StudentError).count(), 1);
    }

    #[test]
    fn inapplicable_measures_have_a_reason() {
        let article = Experiment::default().check().expect("the default is valid");
        for measure in [Measure::NegativeElbo, Measure::CodebookPerplexity, Measure::Accuracy, Measure::StudentTime] {
            let reason =
                inapplicable_reason(measure, &article, Context::default()).expect("the article has none of that");
            assert!(reason.ends_with('.') && reason.len() > 30, "{reason}");
        }
        assert_eq!(inapplicable_reason(Measure::ReconstructionError, &article, Context::default()), None);
    }
}
