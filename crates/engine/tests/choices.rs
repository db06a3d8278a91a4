//! Every choice of a schedule, in whole runs: optimisers, rates, averages, adversaries, and what is said when they fail.

mod common;

use common::{bars, checked, cpu, experiment, file, run_to_end, train, train_from};
use pinhole_engine::{
    Model, data,
    training::{Find, LearningRateFinder, Start, StepLosses, TrainingRun},
};
use pinhole_protocol::{
    Activation, BottleneckSpec, EpochRecord, Experiment, LearningRateSchedule, NetworkSpec, Optimiser, PartRates,
    Prior, ReconstructionLoss, Reuse, Schedule, Term, TrainingEnd, TrainingStart, presets,
};

fn changed(change: impl FnOnce(&mut Experiment)) -> Experiment {
    let mut experiment = experiment();
    change(&mut experiment);
    experiment
}

fn with_schedule(change: impl FnOnce(&mut Schedule)) -> Experiment {
    changed(|experiment| change(&mut experiment.schedule))
}

fn with_bottleneck(bottleneck: BottleneckSpec, change: impl FnOnce(&mut Experiment)) -> Experiment {
    changed(|experiment| {
        experiment.network.bottleneck = bottleneck;
        experiment.objective.loss = ReconstructionLoss::BinaryCrossEntropy;
        change(experiment);
    })
}

#[test]
fn every_optimiser_learns() {
    let rates = [(Optimiser::Adam, 0.01), (Optimiser::AdamW, 0.01), (Optimiser::Sgd { momentum: 0.9 }, 1.0)];
    let more = [(Optimiser::RmsProp, 0.003), (Optimiser::Lamb, 0.03), (Optimiser::Lion, 0.002)];
    for (optimiser, learning_rate) in rates.into_iter().chain(more) {
        let (told, _) = train(
            with_schedule(|schedule| {
                (schedule.optimiser, schedule.learning_rate, schedule.epochs) = (optimiser, learning_rate, 10);
            }),
            &bars(100),
        );
        let [first, last] = [told.epochs[0], told.epochs[9]].map(|record| record.train_loss);
        assert!(last < 0.8 * first, "{optimiser:?}: {:?}", told.epochs);
    }
}

#[test]
fn gathered_batches_make_fewer_steps() {
    let (told, _) = train(with_schedule(|schedule| schedule.accumulated_batches = 5), &bars(200));
    // 180 images are 12 batches, the last of 4 images: 3 steps of 5, 5 and 2.
    assert_eq!((told.losses.len(), told.epochs.len(), told.end), (3 * 3, 3, TrainingEnd::Finished));
}

#[test]
fn gathered_batches_are_the_steps_of_a_large_batch() {
    let [(parts, _), (whole, _)] = [(8, 4), (32, 1)].map(|(batch_size, accumulated_batches)| {
        let split = with_schedule(|schedule| {
            (schedule.batch_size, schedule.accumulated_batches) = (batch_size, accumulated_batches);
        });
        train(split, &bars(100))
    });
    assert_eq!(parts.losses.len(), whole.losses.len());
    assert!(parts.losses.iter().zip(&whole.losses).all(|(one, other)| (one - other).abs() < 1e-4 * other));
}

#[test]
fn every_preset_takes_the_same_steps_with_checkpointing() {
    for preset in presets() {
        let steps = |gradient_checkpointing| {
            let mut experiment = preset.experiment.clone();
            experiment.data.limit = None;
            experiment.schedule.gradient_checkpointing = gradient_checkpointing;
            (experiment.schedule.batch_size, experiment.schedule.epochs) = (6, 1);
            experiment.schedule.validation_share = 0.0;
            let mut digits = data::digits8x8(experiment.network.input);
            digits.truncate(12);
            train(experiment, &digits).0.losses
        };
        let [kept, recomputed] = [false, true].map(steps);
        assert_eq!(kept.len(), 2, "{}", preset.name);
        for (kept, recomputed) in kept.iter().zip(&recomputed) {
            assert!((kept - recomputed).abs() <= 1e-4 * kept.abs(), "{}: {kept} and {recomputed}", preset.name);
        }
    }
}

#[test]
fn frozen_parts_and_checkpointing_go_together() {
    for rates in [PartRates { encoder: 0.0, decoder: 1.0 }, PartRates { encoder: 1.0, decoder: 0.0 }] {
        let losses = |gradient_checkpointing| {
            let frozen = with_schedule(|schedule| {
                (schedule.part_rates, schedule.gradient_checkpointing) = (rates, gradient_checkpointing);
            });
            train(frozen, &bars(40)).0.losses
        };
        assert_eq!(losses(false), losses(true), "{rates:?}");
    }
}

#[test]
fn a_plateau_lowers_the_rate_and_a_run_taken_up_again_remembers_it() {
    let plateau = |epochs| {
        with_schedule(|schedule| {
            // No epoch is better than another.
            (schedule.optimiser, schedule.learning_rate) = (Optimiser::Sgd { momentum: 0.0 }, 1e-9);
            schedule.learning_rate_schedule = LearningRateSchedule::Plateau { factor: 0.5, patience_epochs: 1 };
            (schedule.epochs, schedule.validation_share) = (epochs, 0.1);
        })
    };
    let images = bars(32);
    let rate_of =
        |run: &TrainingRun| run.progress(pinhole_protocol::TrainingPhase::Running, StepLosses::default()).learning_rate;
    let (told, model) = train(plateau(3), &images);
    let stale = told.epochs.windows(2).filter(|pair| pair[1].selection_loss() >= pair[0].selection_loss()).count();
    assert!(stale > 0, "{:?}", told.epochs);
    let run = TrainingRun::new(&cpu(), checked(plateau(6)), &images, Start::Continue(&model)).expect("epochs are left");
    assert!(
        (rate_of(&run) / (1e-9 * 0.5_f32.powf(stale as f32)) - 1.0).abs() < 1e-3,
        "{} after {stale}",
        rate_of(&run)
    );
}

#[test]
fn a_run_taken_up_again_goes_on_as_it_would_have() {
    let denoiser = |epochs| {
        changed(|experiment| {
            experiment.network.dropout = 0.2;
            experiment.schedule.epochs = epochs;
            // Nothing is remembered from step to step.
            experiment.schedule.optimiser = Optimiser::Sgd { momentum: 0.0 };
            experiment.schedule.learning_rate = 0.5;
            // The last epoch is the best: it is the one that is taken up.
            experiment.schedule.validation_share = 0.0;
        })
    };
    let images = bars(64);
    let (whole, _) = train(denoiser(4), &images);
    let (first, model) = train(denoiser(2), &images);
    let (second, _) = train_from(denoiser(4), &images, Start::Continue(&model));
    assert_eq!(whole.losses[..first.losses.len()], first.losses);
    assert_eq!(whole.losses[first.losses.len()..], second.losses);
}

#[test]
fn every_term_is_told_at_every_step() {
    let (told, _) = train(with_bottleneck(BottleneckSpec::Variational { size: 4 }, |_| {}), &bars(64));
    let terms: Vec<Term> = told.terms.iter().map(|losses| losses.term).collect();
    assert_eq!(terms, [Term::Reconstruction, Term::Divergence]);
    for (step, total) in told.losses.iter().enumerate() {
        let sum: f32 = told.terms.iter().map(|losses| losses.values[step]).sum();
        assert!((total - sum).abs() < 1e-5, "step {step}: {total} is not {sum}");
    }
}

#[test]
fn an_adversarial_code_is_told_of_from_both_sides() {
    let bottleneck = BottleneckSpec::Adversarial { size: 2, prior: Prior::Gaussian, hidden: 16 };
    let (told, _) = train(with_bottleneck(bottleneck, |experiment| experiment.schedule.epochs = 8), &bars(100));
    let terms: Vec<Term> = told.terms.iter().map(|losses| losses.term).collect();
    assert_eq!(terms, [Term::Reconstruction, Term::Adversarial, Term::Discriminator]);
    let undecided = told.terms[2].values[0];
    assert!((undecided - std::f32::consts::LN_2).abs() < 0.3, "{undecided}");
    assert!(told.terms.iter().all(|losses| losses.values.len() == told.losses.len()));
    assert_eq!(told.end, TrainingEnd::Finished);
}

#[test]
fn a_collapsed_posterior_is_told_once_with_what_to_do() {
    let heavy = |experiment: &mut Experiment| {
        (experiment.objective.beta, experiment.schedule.epochs) = (1_000.0, 12);
    };
    let (told, _) = train(with_bottleneck(BottleneckSpec::Variational { size: 4 }, heavy), &bars(100));
    let [warning] = told.warnings[..] else { panic!("once: {:?}", told.warnings) };
    assert!(warning.contains("collapsed onto its prior") && warning.contains("Lower beta"), "{warning}");
    let light = |experiment: &mut Experiment| experiment.objective.beta = 0.001;
    let (told, _) = train(with_bottleneck(BottleneckSpec::Variational { size: 4 }, light), &bars(100));
    assert_eq!(told.warnings, Vec::<&str>::new());
}

#[test]
fn a_collapsed_codebook_is_told_once_with_what_to_do() {
    // A codebook far larger than bars can fill.
    let huge = BottleneckSpec::VectorQuantised { codes: 2_000, dimension: 16 };
    let network = |experiment: &mut Experiment| {
        experiment.network.encoder = NetworkSpec::dense_blocks(&[16]);
        experiment.schedule.epochs = 3;
    };
    let (told, _) = train(with_bottleneck(huge, network), &bars(60));
    let [warning] = told.warnings[..] else { panic!("once: {:?}", told.warnings) };
    assert!(warning.contains("codebook has collapsed"), "{warning}");
}

#[test]
fn codes_and_a_discriminator_without_a_gradient_are_told() {
    // Only the discriminator has something to learn: it tells two points from a cloud before long.
    let bottleneck = BottleneckSpec::Adversarial { size: 2, prior: Prior::Gaussian, hidden: 64 };
    let unequal = |experiment: &mut Experiment| {
        experiment.schedule.epochs = 60;
        experiment.schedule.part_rates = PartRates { encoder: 0.0, decoder: 1.0 };
        experiment.schedule.learning_rate = 0.01;
    };
    let (told, _) = train(with_bottleneck(bottleneck, unequal), &bars(100));
    assert!(
        told.warnings.iter().any(|warning| warning.contains("one point") || warning.contains("without fail")),
        "{:?}",
        told.terms[2].values.last()
    );
}

#[test]
fn a_term_that_is_no_number_is_named_with_its_step() {
    let wild = |experiment: &mut Experiment| {
        experiment.network.output_activation = Activation::Linear;
        experiment.objective.loss = ReconstructionLoss::Mse;
        (experiment.schedule.optimiser, experiment.schedule.learning_rate) = (Optimiser::Sgd { momentum: 0.9 }, 900.0);
        experiment.schedule.epochs = 50;
    };
    let (told, model) = train(with_bottleneck(BottleneckSpec::Variational { size: 4 }, wild), &bars(64));
    let TrainingEnd::Diverged(advice) = told.end else { panic!("the loss explodes: {:?}", told.losses) };
    let step = format!("at step {}", told.losses.len() + 1);
    assert!(advice.contains(&step) && advice.contains("The term “"), "{advice}");
    assert!(common::rebuild(&model, &[0.5; 784]).iter().all(|value| value.is_finite()));
}

#[test]
fn the_average_of_the_weights_is_what_is_kept() {
    let averaged = |moving_average| with_schedule(|schedule| schedule.moving_average = moving_average);
    let images = bars(64);
    let [(plain, _), (calm, _)] = [None, Some(0.9)].map(|decay| train(averaged(decay), &images));
    assert_eq!(plain.losses, calm.losses, "the steps are the same");
    let scores = |epochs: &[EpochRecord]| epochs.iter().map(EpochRecord::selection_loss).collect::<Vec<_>>();
    assert_ne!(scores(&plain.epochs), scores(&calm.epochs), "what is validated is not");
}

#[test]
fn the_last_weights_are_kept_beside_the_best() {
    let mut run = TrainingRun::new(
        &cpu(),
        checked(with_schedule(|schedule| (schedule.learning_rate, schedule.epochs) = (0.5, 12))),
        &bars(60),
        Start::Fresh,
    )
    .expect("the run can start");
    let told = run_to_end(&mut run).expect("the CPU does not fail");
    let best = told.epochs.iter().map(EpochRecord::selection_loss).fold(f32::INFINITY, f32::min);
    assert!(told.epochs[11].selection_loss() > best, "the last epoch is not the best: {:?}", told.epochs);
    assert_ne!(
        file(&pollster::block_on(run.last_model("test".into())).expect("the CPU does not fail")),
        file(&run.into_model("test".into()))
    );
}

#[test]
fn old_weights_begin_a_new_run_where_their_shapes_fit() {
    let images = bars(64);
    let (_, old) = train(experiment(), &images);
    let frozen = with_schedule(|schedule| schedule.part_rates = PartRates { encoder: 0.0, decoder: 1.0 });
    let (_, new) = train_from(frozen, &images, Start::Transfer(&old, Reuse::Encoder));
    let weights = |model: &Model, part: &str| {
        let read = pinhole_engine::model_file::read(&file(model)).expect("a good file");
        let names = read.experiment.plan().tensors().into_iter().map(|tensor| tensor.name);
        names.zip(read.weights).filter(|(name, _)| name.starts_with(part)).collect::<Vec<_>>()
    };
    assert_eq!(weights(&old, "encoder"), weights(&new, "encoder"));
    assert_eq!(weights(&old, "bottleneck"), weights(&new, "bottleneck"));
    assert_ne!(weights(&old, "decoder"), weights(&new, "decoder"));
    assert_eq!(new.history().len(), 3, "the old epochs do not count");
    let (_, whole) = train_from(experiment(), &images, Start::Transfer(&old, Reuse::All));
    assert!(whole.history()[0].train_loss < old.history()[2].train_loss, "it goes on from there");
}

#[test]
fn weights_that_do_not_fit_are_named_with_both_shapes() {
    let images = bars(32);
    let (_, old) = train(experiment(), &images);
    let refusal = |change: fn(&mut NetworkSpec), reuse| {
        let other = checked(changed(|experiment| change(&mut experiment.network)));
        TrainingRun::new(&cpu(), other, &images, Start::Transfer(&old, reuse)).err().map(|error| error.to_string())
    };
    let wider = |network: &mut NetworkSpec| network.encoder = NetworkSpec::dense_blocks(&[20]);
    let said = refusal(wider, Reuse::All).expect("the widths differ");
    assert!(said.contains("encoder.0.weight is 16x784 there and 20x784 here"), "{said}");
    let deeper = |network: &mut NetworkSpec| network.encoder = NetworkSpec::dense_blocks(&[16, 16]);
    assert!(refusal(deeper, Reuse::Encoder).is_some_and(|said| said.contains("it has no encoder.1.weight (16x16)")));
    let flatter = |network: &mut NetworkSpec| network.encoder = Vec::new();
    assert!(refusal(flatter, Reuse::Decoder).is_some());
    let another_code = |network: &mut NetworkSpec| network.set_latent_size(9);
    assert!(refusal(another_code, Reuse::Encoder).is_some_and(|said| said.contains("bottleneck.0.weight")));
}

#[test]
fn a_student_learns_what_its_teacher_answers() {
    let images = bars(64);
    let (_, teacher) = train(with_schedule(|schedule| schedule.epochs = 20), &images);
    let small = changed(|experiment| {
        experiment.network.encoder = NetworkSpec::dense_blocks(&[8]);
        experiment.schedule.epochs = 30;
    });
    let (told, student) = train_from(small, &images, Start::Distil(&teacher));
    let inputs = images.values_of(0..8);
    let [answers, imitation] = [&teacher, &student].map(|model| common::rebuild(model, &inputs));
    let apart = |one: &[f32], other: &[f32]| {
        one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f32>() / one.len() as f32
    };
    assert!(apart(&answers, &imitation) < told.epochs[0].train_loss / 2.0);
    assert!((apart(&answers, &imitation) - told.epochs[29].train_loss).abs() < 0.01, "that is what its loss is");
}

#[test]
fn a_start_without_the_model_that_it_needs_is_refused() {
    for start in [TrainingStart::Continue, TrainingStart::Distil, TrainingStart::Transfer { reuse: Reuse::All }] {
        assert!(Start::new(start, None).is_err_and(|error| error.to_string().contains("no model yet")));
    }
    assert!(Start::new(TrainingStart::Fresh, None).is_ok());
}

#[test]
fn a_learning_rate_is_found_and_nothing_else_changes() {
    let find = || {
        let mut finder = LearningRateFinder::new(&cpu(), checked(experiment()), &bars(100)).expect("it can start");
        let mut tried = Vec::new();
        loop {
            match pollster::block_on(finder.advance()).expect("the CPU does not fail") {
                Find::Worked => {}
                Find::Tried(rates) => tried.extend(rates),
                Find::Found(suggestion) => break (tried, suggestion),
            }
        }
    };
    let (tried, suggestion) = find();
    assert!(tried.len() > 60, "{}", tried.len());
    assert!(tried.is_sorted_by(|one, other| one.learning_rate < other.learning_rate));
    let suggestion = suggestion.expect("bars are easy to learn");
    assert!((1e-4..=0.1).contains(&suggestion), "{suggestion}");
    assert_eq!(find(), (tried, Some(suggestion)), "the same again");
    let with_it = with_schedule(|schedule| schedule.learning_rate = suggestion);
    let (told, _) = train(with_it, &bars(100));
    assert!(told.epochs[2].train_loss < told.epochs[0].train_loss);
}
