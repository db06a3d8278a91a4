//! Settings of a schedule in whole runs: optimisers, learning rates, moving averages, discriminators, transfer and
//! distillation, and the warnings and errors of runs that fail.

use crate::common::{bars, checked, cpu, experiment, file, run_to_end, train, train_from};
use pinhole_engine::{
    Model,
    data::StrokeGenerator,
    training::{FinderAdvance, LearningRateFinder, Start, StepLosses, TrainingRun},
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
fn every_optimiser_lowers_the_loss() {
    let common = [(Optimiser::Adam, 0.01), (Optimiser::AdamW, 0.01), (Optimiser::Sgd { momentum: 0.9 }, 1.0)];
    let others = [(Optimiser::RmsProp, 0.003), (Optimiser::Lamb, 0.03), (Optimiser::Lion, 0.002)];
    for (optimiser, learning_rate) in common.into_iter().chain(others) {
        let (run, _) = train(
            with_schedule(|schedule| {
                (schedule.optimiser, schedule.learning_rate, schedule.epochs) = (optimiser, learning_rate, 10);
            }),
            &bars(100),
        );
        let [first, last] = [run.epochs[0], run.epochs[9]].map(|record| record.train_loss);
        assert!(last < 0.8 * first, "{optimiser:?}: {:?}", run.epochs);
    }
}

#[test]
fn accumulated_batches_make_fewer_steps() {
    let (run, _) = train(with_schedule(|schedule| schedule.accumulated_batches = 5), &bars(200));
    // 180 images are 12 batches, the last of 4 images: 3 steps of 5, 5 and 2.
    assert_eq!((run.losses.len(), run.epochs.len(), run.end), (3 * 3, 3, TrainingEnd::Finished));
}

#[test]
fn accumulated_batches_take_the_steps_of_a_large_batch() {
    let [(accumulated, _), (whole, _)] = [(8, 4), (32, 1)].map(|(batch_size, accumulated_batches)| {
        let experiment = with_schedule(|schedule| {
            (schedule.batch_size, schedule.accumulated_batches) = (batch_size, accumulated_batches);
        });
        train(experiment, &bars(100))
    });
    assert_eq!(accumulated.losses.len(), whole.losses.len());
    assert!(accumulated.losses.iter().zip(&whole.losses).all(|(one, other)| (one - other).abs() < 1e-4 * other));
}

#[test]
fn every_preset_takes_the_same_steps_with_gradient_checkpointing() {
    for preset in presets() {
        let steps = |gradient_checkpointing| {
            let mut experiment = preset.experiment.clone();
            experiment.data.limit = None;
            experiment.schedule.gradient_checkpointing = gradient_checkpointing;
            (experiment.schedule.batch_size, experiment.schedule.epochs) = (6, 1);
            experiment.schedule.validation_share = 0.0;
            let mut generator = StrokeGenerator::new(0, experiment.network.input);
            let mut digits = generator.empty_set();
            (0..12).for_each(|_| generator.draw_into(&mut digits));
            train(experiment, &digits).0.losses
        };
        let [stored, recomputed] = [false, true].map(steps);
        assert_eq!(stored.len(), 2, "{}", preset.name);
        for (stored, recomputed) in stored.iter().zip(&recomputed) {
            assert!((stored - recomputed).abs() <= 1e-4 * stored.abs(), "{}: {stored} and {recomputed}", preset.name);
        }
    }
}

#[test]
fn frozen_parts_take_the_same_steps_with_gradient_checkpointing() {
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
fn a_plateau_lowers_the_learning_rate_and_a_continued_run_keeps_it() {
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
    let (run, model) = train(plateau(3), &images);
    let stale = run.epochs.windows(2).filter(|pair| pair[1].selection_loss() >= pair[0].selection_loss()).count();
    assert!(stale > 0, "{:?}", run.epochs);
    let run = TrainingRun::new(&cpu(), checked(plateau(6)), &images, Start::Continue(&model)).expect("epochs are left");
    assert!(
        (rate_of(&run) / (1e-9 * 0.5_f32.powf(stale as f32)) - 1.0).abs() < 1e-3,
        "{} after {stale}",
        rate_of(&run)
    );
}

#[test]
fn a_continued_run_takes_the_steps_of_an_uninterrupted_one() {
    let denoiser = |epochs| {
        changed(|experiment| {
            experiment.network.dropout = 0.2;
            experiment.schedule.epochs = epochs;
            // An optimiser without state.
            experiment.schedule.optimiser = Optimiser::Sgd { momentum: 0.0 };
            experiment.schedule.learning_rate = 0.5;
            // Without validation the last epoch is the best, and a continued run starts from it.
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
fn every_step_reports_every_term() {
    let (run, _) = train(with_bottleneck(BottleneckSpec::Variational { size: 4 }, |_| {}), &bars(64));
    let terms: Vec<Term> = run.terms.iter().map(|losses| losses.term).collect();
    assert_eq!(terms, [Term::Reconstruction, Term::Divergence]);
    for (step, total) in run.losses.iter().enumerate() {
        let sum: f32 = run.terms.iter().map(|losses| losses.values[step]).sum();
        assert!((total - sum).abs() < 1e-5, "step {step}: {total} is not {sum}");
    }
}

#[test]
fn an_adversarial_run_reports_generator_and_discriminator_loss() {
    let bottleneck = BottleneckSpec::Adversarial { size: 2, prior: Prior::Gaussian, hidden: 16 };
    let (run, _) = train(with_bottleneck(bottleneck, |experiment| experiment.schedule.epochs = 8), &bars(100));
    let terms: Vec<Term> = run.terms.iter().map(|losses| losses.term).collect();
    assert_eq!(terms, [Term::Reconstruction, Term::Adversarial, Term::Discriminator]);
    let undecided = run.terms[2].values[0];
    assert!((undecided - std::f32::consts::LN_2).abs() < 0.3, "{undecided}");
    assert!(run.terms.iter().all(|losses| losses.values.len() == run.losses.len()));
    assert_eq!(run.end, TrainingEnd::Finished);
}

#[test]
fn a_collapsed_posterior_is_warned_of_once_with_a_remedy() {
    let heavy = |experiment: &mut Experiment| {
        (experiment.objective.beta, experiment.schedule.epochs) = (1_000.0, 12);
    };
    let (run, _) = train(with_bottleneck(BottleneckSpec::Variational { size: 4 }, heavy), &bars(100));
    let [warning] = run.warnings[..] else { panic!("one warning: {:?}", run.warnings) };
    assert!(warning.contains("collapsed onto its prior") && warning.contains("Lower beta"), "{warning}");
    let light = |experiment: &mut Experiment| experiment.objective.beta = 0.001;
    let (run, _) = train(with_bottleneck(BottleneckSpec::Variational { size: 4 }, light), &bars(100));
    assert_eq!(run.warnings, Vec::<&str>::new());
}

#[test]
fn a_collapsed_codebook_is_warned_of_once_with_a_remedy() {
    // A codebook far larger than the number of different bars.
    let huge = BottleneckSpec::VectorQuantised { codes: 2_000, dimension: 16 };
    let network = |experiment: &mut Experiment| {
        experiment.network.encoder = NetworkSpec::dense_blocks(&[16]);
        experiment.schedule.epochs = 3;
    };
    let (run, _) = train(with_bottleneck(huge, network), &bars(60));
    let [warning] = run.warnings[..] else { panic!("one warning: {:?}", run.warnings) };
    assert!(warning.contains("codebook has collapsed"), "{warning}");
}

#[test]
fn collapsed_codes_or_a_perfect_discriminator_are_warned_of() {
    // The encoder is frozen: the discriminator soon separates its codes from the prior.
    let bottleneck = BottleneckSpec::Adversarial { size: 2, prior: Prior::Gaussian, hidden: 64 };
    let frozen_encoder = |experiment: &mut Experiment| {
        experiment.schedule.epochs = 60;
        experiment.schedule.part_rates = PartRates { encoder: 0.0, decoder: 1.0 };
        experiment.schedule.learning_rate = 0.01;
    };
    let (run, _) = train(with_bottleneck(bottleneck, frozen_encoder), &bars(100));
    assert!(
        run.warnings.iter().any(|warning| warning.contains("one point") || warning.contains("without error")),
        "{:?}",
        run.terms[2].values.last()
    );
}

#[test]
fn a_non_finite_term_is_named_with_its_step() {
    let divergent = |experiment: &mut Experiment| {
        experiment.network.output_activation = Activation::Linear;
        experiment.objective.loss = ReconstructionLoss::Mse;
        (experiment.schedule.optimiser, experiment.schedule.learning_rate) = (Optimiser::Sgd { momentum: 0.9 }, 900.0);
        experiment.schedule.epochs = 50;
    };
    let (run, model) = train(with_bottleneck(BottleneckSpec::Variational { size: 4 }, divergent), &bars(64));
    let TrainingEnd::Diverged(advice) = run.end else { panic!("the loss explodes: {:?}", run.losses) };
    let step = format!("at step {}", run.losses.len() + 1);
    assert!(advice.contains(&step) && advice.contains("The term “"), "{advice}");
    assert!(crate::common::reconstruct(&model, &[0.5; 784]).iter().all(|value| value.is_finite()));
}

#[test]
fn the_moving_average_of_the_weights_is_validated_and_kept() {
    let with_average = |moving_average| with_schedule(|schedule| schedule.moving_average = moving_average);
    let images = bars(64);
    let [(plain, _), (averaged, _)] = [None, Some(0.9)].map(|decay| train(with_average(decay), &images));
    assert_eq!(plain.losses, averaged.losses, "the steps are the same");
    let scores = |epochs: &[EpochRecord]| epochs.iter().map(EpochRecord::selection_loss).collect::<Vec<_>>();
    assert_ne!(scores(&plain.epochs), scores(&averaged.epochs), "the validated weights are not");
}

#[test]
fn the_last_weights_are_kept_as_well_as_the_best() {
    let mut run = TrainingRun::new(
        &cpu(),
        checked(with_schedule(|schedule| (schedule.learning_rate, schedule.epochs) = (0.5, 12))),
        &bars(60),
        Start::Fresh,
    )
    .expect("the run can start");
    let history = run_to_end(&mut run).expect("the CPU does not fail");
    let best = history.epochs.iter().map(EpochRecord::selection_loss).fold(f32::INFINITY, f32::min);
    assert!(history.epochs[11].selection_loss() > best, "the last epoch is not the best: {:?}", history.epochs);
    assert_ne!(
        file(&pollster::block_on(run.last_model("test".into())).expect("the CPU does not fail")),
        file(&run.into_model("test".into()))
    );
}

#[test]
fn transferred_weights_start_a_run_where_their_shapes_match() {
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
    assert!(whole.history()[0].train_loss < old.history()[2].train_loss, "it starts from the old loss");
}

#[test]
fn weights_of_other_shapes_are_named_with_both_shapes() {
    let images = bars(32);
    let (_, old) = train(experiment(), &images);
    let error_of = |change: fn(&mut NetworkSpec), reuse| {
        let other = checked(changed(|experiment| change(&mut experiment.network)));
        TrainingRun::new(&cpu(), other, &images, Start::Transfer(&old, reuse)).err().map(|error| error.to_string())
    };
    let wider = |network: &mut NetworkSpec| network.encoder = NetworkSpec::dense_blocks(&[20]);
    let message = error_of(wider, Reuse::All).expect("the widths differ");
    assert!(message.contains("encoder.0.weight is 16x784 there and 20x784 here"), "{message}");
    let deeper = |network: &mut NetworkSpec| network.encoder = NetworkSpec::dense_blocks(&[16, 16]);
    assert!(
        error_of(deeper, Reuse::Encoder).is_some_and(|message| message.contains("it has no encoder.1.weight (16x16)"))
    );
    let flatter = |network: &mut NetworkSpec| network.encoder = Vec::new();
    assert!(error_of(flatter, Reuse::Decoder).is_some());
    let another_code = |network: &mut NetworkSpec| network.set_latent_size(9);
    assert!(error_of(another_code, Reuse::Encoder).is_some_and(|message| message.contains("bottleneck.0.weight")));
}

#[test]
fn a_student_learns_its_teachers_reconstructions() {
    let images = bars(64);
    let (_, teacher) = train(with_schedule(|schedule| schedule.epochs = 20), &images);
    let small = changed(|experiment| {
        experiment.network.encoder = NetworkSpec::dense_blocks(&[8]);
        experiment.schedule.epochs = 30;
    });
    let (run, student) = train_from(small, &images, Start::Distil(&teacher));
    let inputs = images.values_of(0..8);
    let [of_teacher, of_student] = [&teacher, &student].map(|model| crate::common::reconstruct(model, &inputs));
    let mean_squared_error = |one: &[f32], other: &[f32]| {
        one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f32>() / one.len() as f32
    };
    assert!(mean_squared_error(&of_teacher, &of_student) < run.epochs[0].train_loss / 2.0);
    assert!(
        (mean_squared_error(&of_teacher, &of_student) - run.epochs[29].train_loss).abs() < 0.01,
        "that is what its loss is"
    );
}

#[test]
fn starts_that_need_a_model_fail_without_one() {
    for start in [TrainingStart::Continue, TrainingStart::Distil, TrainingStart::Transfer { reuse: Reuse::All }] {
        assert!(Start::new(start, None).is_err_and(|error| error.to_string().contains("no model yet")));
    }
    assert!(Start::new(TrainingStart::Fresh, None).is_ok());
}

#[test]
fn the_learning_rate_finder_suggests_a_rate_that_learns() {
    let find = || {
        let mut finder = LearningRateFinder::new(&cpu(), checked(experiment()), &bars(100)).expect("it can start");
        let mut tried = Vec::new();
        loop {
            match pollster::block_on(finder.advance()).expect("the CPU does not fail") {
                FinderAdvance::BatchDone => {}
                FinderAdvance::Tried(rates) => tried.extend(rates),
                FinderAdvance::Found(suggestion) => break (tried, suggestion),
            }
        }
    };
    let (tried, suggestion) = find();
    assert!(tried.len() > 60, "{}", tried.len());
    assert!(tried.is_sorted_by(|one, other| one.learning_rate < other.learning_rate));
    let suggestion = suggestion.expect("bars are easy to learn");
    assert!((1e-4..=0.1).contains(&suggestion), "{suggestion}");
    assert_eq!(find(), (tried, Some(suggestion)), "the same in a second run");
    let with_suggestion = with_schedule(|schedule| schedule.learning_rate = suggestion);
    let (run, _) = train(with_suggestion, &bars(100));
    assert!(run.epochs[2].train_loss < run.epochs[0].train_loss);
}
