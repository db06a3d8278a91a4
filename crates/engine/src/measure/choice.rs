//! Which measures say something of an experiment.

use pinhole_protocol::{
    BottleneckPlan, CheckedExperiment, Completeness, Measure, PenaltyKind, Preset, ReconstructionLoss, Scope, presets,
};

/// Numbers of a code that can be looked at as a map.
const MAP: usize = 3;

/// What stands beside a model when it is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Company {
    /// Whether the held-out samples have labels.
    pub has_labels: bool,
    /// Whether the model was distilled from another one that is still there.
    pub has_teacher: bool,
}

/// What to measure when a run ends: what the preset of the same network and objective promises, or else what its parts
/// are for; nothing that cannot be measured.
pub fn usual_measures(experiment: &CheckedExperiment, company: Company) -> Vec<Measure> {
    let spec = experiment.spec();
    let is_same =
        |preset: &Preset| preset.experiment.network == spec.network && preset.experiment.objective == spec.objective;
    let of_student = [Measure::StudentError, Measure::StudentSize, Measure::StudentTime];
    let of_network = match presets().into_iter().find(is_same) {
        Some(preset) => preset.measures.to_vec(),
        None => measures_of_parts(experiment),
    };
    let mut usual = Vec::new();
    for measure in of_student.into_iter().chain(of_network) {
        if refusal(measure, experiment, company).is_none() && !usual.contains(&measure) {
            usual.push(measure);
        }
    }
    usual
}

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
        (Measure::NeighbourAccuracy, plan.code.len() <= MAP || spec.network.head.is_some()),
    ];
    candidates.into_iter().filter(|(_, is_wanted)| *is_wanted).map(|(measure, _)| measure).collect()
}

/// Why `measure` says nothing of the experiment, and what would change that.
pub fn refusal(measure: Measure, experiment: &CheckedExperiment, company: Company) -> Option<&'static str> {
    let (spec, plan) = (experiment.spec(), experiment.plan());
    let is_variational = plan.bottleneck == BottleneckPlan::Variational;
    let (holds, reason) = match measure {
        Measure::ReconstructionError => (true, ""),
        Measure::Denoising => {
            (!spec.objective.corruption.is_none(), "Nothing is corrupted, so nothing is restored: choose a corruption.")
        }
        Measure::HiddenError => {
            (spec.objective.corruption.noise.hides(), "Nothing is hidden: choose a corruption that hides values.")
        }
        Measure::NeighbourAccuracy => {
            (company.has_labels, "Neighbours cannot agree on labels that are not there: open samples with labels.")
        }
        Measure::NoiseCopied => (
            plan.input.height * plan.input.width > 1,
            "Even noise from 0 to 1 is a picture, and these inputs are rows of a table.",
        ),
        Measure::ActiveShare | Measure::Sensitivity => (
            !matches!(plan.bottleneck, BottleneckPlan::VectorQuantised { .. }),
            "A quantised code has no numbers of its own: measure its codebook's perplexity.",
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
            company.has_labels && spec.network.head.is_some(),
            "Accuracy needs a classifier on the code, and samples with labels.",
        ),
        Measure::StudentError | Measure::StudentSize | Measure::StudentTime => {
            (company.has_teacher, "There is no teacher beside this model: distil one from the model in hand.")
        }
    };
    (!holds).then_some(reason)
}

fn has_likelihood(loss: ReconstructionLoss) -> bool {
    matches!(loss, ReconstructionLoss::BinaryCrossEntropy | ReconstructionLoss::Gaussian)
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Activation, BottleneckSpec, Corruption, Experiment, HeadSpec, NetworkSpec, Noise, Penalty};

    use super::*;

    const LABELS: Company = Company { has_labels: true, has_teacher: false };

    fn usual(experiment: Experiment, company: Company) -> Vec<Measure> {
        usual_measures(&experiment.check().expect("the experiment is valid"), company)
    }

    #[test]
    fn every_preset_is_measured_by_what_it_promises() {
        for preset in presets() {
            let company = Company { has_labels: true, has_teacher: preset.measures.contains(&Measure::StudentError) };
            let found = usual(preset.experiment, company);
            assert!(preset.measures.iter().all(|measure| found.contains(measure)), "{}: {found:?}", preset.name);
        }
    }

    #[test]
    fn what_cannot_be_measured_is_left_out() {
        let plane = presets().into_iter().find(|preset| preset.name == "plane").expect("it is listed").experiment;
        assert!(usual(plane.clone(), LABELS).contains(&Measure::NeighbourAccuracy));
        assert_eq!(usual(plane, Company::default()), [Measure::ReconstructionError]);
    }

    #[test]
    fn what_no_preset_has_is_measured_by_its_parts() {
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
        assert_eq!(usual(own, LABELS), expected);
    }

    #[test]
    fn a_student_is_measured_beside_its_teacher_once() {
        let found = usual(Experiment::default(), Company { has_labels: false, has_teacher: true });
        assert_eq!(found[..3], [Measure::StudentError, Measure::StudentSize, Measure::StudentTime]);
        assert_eq!(found.iter().filter(|measure| **measure == Measure::StudentError).count(), 1);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_a_reason() {
        let article = Experiment::default().check().expect("the default is valid");
        for measure in [Measure::NegativeElbo, Measure::CodebookPerplexity, Measure::Accuracy, Measure::StudentTime] {
            let reason = refusal(measure, &article, Company::default()).expect("the article has none of that");
            assert!(reason.ends_with('.') && reason.len() > 30, "{reason}");
        }
        assert_eq!(refusal(Measure::ReconstructionError, &article, Company::default()), None);
    }
}
