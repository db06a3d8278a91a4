//! The training loop: it learns, repeats, stops, and keeps the best weights.

use crate::common::{bars, checked, cpu, experiment, file, run_to_end, train};
use pinhole_engine::{
    EngineError,
    data::SampleSet,
    evaluate::evaluate,
    training::{Start, StepLosses, TrainingRun},
};
use pinhole_protocol::{
    BottleneckSpec, Corruption, EarlyStopping, Experiment, LearningRateSchedule, NetworkSpec, Noise, Objective,
    ReconstructionLoss, Schedule, TrainingEnd, TrainingPhase,
};

fn with_schedule(change: impl FnOnce(&mut Schedule)) -> Experiment {
    let mut experiment = experiment();
    change(&mut experiment.schedule);
    experiment
}

#[test]
fn the_loss_falls_and_every_step_is_reported() {
    let (log, model) = train(with_schedule(|schedule| schedule.epochs = 8), &bars(200));
    // 180 training images are 12 steps per epoch, the last of 4 images.
    assert_eq!((log.losses.len(), log.epochs.len(), log.end), (8 * 12, 8, TrainingEnd::Finished));
    let [first, last] = [log.epochs[0], log.epochs[7]];
    assert!(last.train_loss < 0.5 * first.train_loss, "{first:?} {last:?}");
    let [before, after] = [first, last].map(|record| record.validation_loss.expect("images were held out"));
    assert!(after < before, "{before} {after}");
    let mean = log.losses[..12].iter().sum::<f32>() / 12.0;
    assert!((first.train_loss - mean).abs() < 1e-6);
    assert_eq!(model.history(), log.epochs);
}

#[test]
fn the_same_seed_gives_the_same_file_to_the_last_bit() {
    let denoiser = |seed| Experiment {
        objective: Objective { corruption: Corruption::new(Noise::Gaussian, 0.4), ..Objective::default() },
        seed,
        ..experiment()
    };
    let [(one, model), (again, model_again), (other, model_other)] =
        [1, 1, 2].map(|seed| train(denoiser(seed), &bars(64)));
    assert_eq!(one.losses, again.losses);
    assert_eq!(file(&model), file(&model_again));
    assert_ne!(one.losses, other.losses);
    assert_ne!(file(&model), file(&model_other));
}

#[test]
fn convolutions_learn_with_either_loss() {
    for loss in [ReconstructionLoss::Mse, ReconstructionLoss::BinaryCrossEntropy] {
        let conv = Experiment {
            network: NetworkSpec {
                encoder: NetworkSpec::conv_blocks(&[4, 8]),
                bottleneck: BottleneckSpec::Direct,
                ..NetworkSpec::default()
            },
            objective: Objective {
                loss,
                corruption: Corruption::new(Noise::SaltAndPepper, 0.2),
                ..Objective::default()
            },
            ..with_schedule(|schedule| schedule.epochs = 25)
        };
        let (log, model) = train(conv, &bars(64));
        assert!(log.epochs[24].train_loss < 0.7 * log.epochs[0].train_loss, "{loss:?}: {:?}", log.epochs);
        let corruption = Corruption::new(Noise::SaltAndPepper, 0.2);
        let quality = pollster::block_on(evaluate(&model, &bars(20), corruption, 5)).expect("there are images");
        assert!(quality.denoised.psnr_db > quality.noisy.psnr_db, "{loss:?}: {quality:?}");
    }
}

#[test]
fn a_continued_model_starts_at_its_last_epoch() {
    let images = bars(64);
    let (_, short) = train(with_schedule(|schedule| schedule.epochs = 2), &images);
    let longer = checked(with_schedule(|schedule| schedule.epochs = 3));
    let mut run = TrainingRun::new(&cpu(), longer, &images, Start::Continue(&short)).expect("one epoch is left");
    let before = run.progress(TrainingPhase::Preparing, StepLosses::default());
    assert_eq!((before.epoch, before.step, before.steps), (3, 8, 12));
    let log = run_to_end(&mut run).expect("the CPU does not fail");
    assert_eq!(log.epochs.iter().map(|record| record.epoch).collect::<Vec<_>>(), [3]);
    let model = run.into_model("longer".into());
    assert_eq!(model.history().len(), 3);
    assert!(model.history()[2].train_loss < model.history()[1].train_loss);
}

#[test]
fn a_continued_model_must_be_the_same_network_and_have_epochs_left() {
    let images = bars(32);
    let (_, model) = train(experiment(), &images);
    let done = TrainingRun::new(&cpu(), checked(experiment()), &images, Start::Continue(&model))
        .err()
        .expect("no epoch is left");
    assert!(done.to_string().contains("3 epochs already"), "{done}");
    let mut wider = with_schedule(|schedule| schedule.epochs = 9);
    wider.network.set_latent_size(9);
    let other =
        TrainingRun::new(&cpu(), checked(wider), &images, Start::Continue(&model)).err().expect("another network");
    assert!(other.to_string().contains("another network"), "{other}");
}

#[test]
fn a_diverging_run_ends_with_advice_and_finite_weights() {
    let mut wild = with_schedule(|schedule| (schedule.learning_rate, schedule.epochs) = (1000.0, 50));
    wild.network.output_activation = pinhole_protocol::Activation::Linear;
    wild.network.encoder = NetworkSpec::dense_blocks(&[16; 8]);
    let (log, model) = train(wild, &bars(64));
    let TrainingEnd::Diverged(advice) = log.end else { panic!("the loss explodes: {:?}", log.losses) };
    assert!(advice.contains("learning rate of 100 instead of 1000"), "{advice}");
    assert!(log.losses.iter().all(|loss| loss.is_finite()));
    assert!(crate::common::reconstruct(&model, &[0.5; 784]).iter().all(|value| value.is_finite()));
    assert!(pinhole_engine::model_file::read(&file(&model)).is_ok());
}

#[test]
fn early_stopping_keeps_the_best_epoch() {
    let rising = with_schedule(|schedule| {
        schedule.learning_rate = 0.5;
        schedule.epochs = 60;
        schedule.early_stopping = Some(EarlyStopping { patience_epochs: 3 });
    });
    let images = bars(60);
    let (log, model) = train(rising, &images);
    assert_eq!(log.end, TrainingEnd::EarlyStopped, "{:?}", log.epochs);
    let losses: Vec<f32> = log.epochs.iter().map(|record| record.validation_loss.expect("held out")).collect();
    let best = losses.iter().copied().fold(f32::INFINITY, f32::min);
    assert_eq!(losses.iter().position(|loss| *loss <= best), Some(losses.len() - 4));

    let held_out = pinhole_engine::data::split(60, 0.1, 1).validation;
    let pixels = held_out.iter().filter_map(|&index| images.picture(index as usize)).flatten().copied().collect();
    let held_out = SampleSet::pictures("held out", images.shape(), pixels);
    let measured = pollster::block_on(evaluate(&model, &held_out, Corruption::default(), 0)).expect("there are images");
    assert!((measured.denoised.mse - f64::from(best)).abs() < 1e-6, "the kept weights are those of the best epoch");
}

#[test]
fn without_validation_the_training_loss_decides() {
    let (log, _) = train(with_schedule(|schedule| schedule.validation_share = 0.0), &bars(32));
    assert!(log.epochs.iter().all(|record| record.validation_loss.is_none()));
    assert_eq!(log.end, TrainingEnd::Finished);
}

#[test]
fn a_stopped_run_stays_stopped() {
    let mut run = TrainingRun::new(&cpu(), checked(experiment()), &bars(64), Start::Fresh).expect("the run can start");
    for _ in 0..6 {
        pollster::block_on(run.advance()).expect("the CPU does not fail");
    }
    run.stop();
    for _ in 0..2 {
        let log = run_to_end(&mut run).expect("the CPU does not fail");
        assert_eq!((log.losses, log.end), (Vec::new(), TrainingEnd::Stopped));
    }
}

#[test]
fn the_learning_rate_follows_its_schedule() {
    let cosine = with_schedule(|schedule| schedule.learning_rate_schedule = LearningRateSchedule::Cosine);
    let mut run = TrainingRun::new(&cpu(), checked(cosine), &bars(32), Start::Fresh).expect("the run can start");
    let mut rates = Vec::new();
    while run.step() < 6 {
        pollster::block_on(run.advance()).expect("the CPU does not fail");
        rates.push(run.progress(TrainingPhase::Running, StepLosses::default()).learning_rate);
    }
    rates.dedup();
    assert_eq!(rates.len(), 6);
    assert!(rates.is_sorted_by(|before, after| before > after), "{rates:?}");
}

#[test]
fn the_limit_is_kept_and_an_empty_set_refused() {
    let mut few = experiment();
    few.data.limit = Some(20);
    let run = TrainingRun::new(&cpu(), checked(few), &bars(64), Start::Fresh).expect("the run can start");
    assert_eq!(run.sample_counts(), [18, 2]);
    let none = TrainingRun::new(&cpu(), checked(experiment()), &SampleSet::default(), Start::Fresh).err();
    assert!(matches!(none, Some(EngineError::Setting(_))));
}

#[test]
fn samples_are_held_out_and_corrupted() {
    let mut noisy = experiment();
    noisy.objective.corruption = Corruption::new(Noise::Masking, 0.5);
    let run = TrainingRun::new(&cpu(), checked(noisy), &bars(200), Start::Fresh).expect("the run can start");
    let grid = pollster::block_on(run.preview()).expect("the CPU does not fail");
    assert_eq!((grid.count, grid.originals.0.len(), grid.noisy.0.len(), grid.rebuilt.0.len()), (8, 6272, 6272, 6272));
    let ink = |bytes: &[u8]| bytes.iter().filter(|&&grey| grey > 0).count();
    let share = ink(&grid.noisy.0) as f32 / ink(&grid.originals.0) as f32;
    assert!((share - 0.5).abs() < 0.1, "{share}");
}
