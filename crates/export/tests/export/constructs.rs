//! Each kind of choice in its listing, and the sentences about what a listing leaves out.

use pinhole_export::pytorch::{Listing, listing};
use pinhole_protocol::{
    Activation, BlockSpec, BottleneckSpec, Corruption, DecoderSpec, Experiment, GridShape, LearningRateSchedule,
    NetworkSpec, Noise, Normalisation, Objective, Optimiser, PartRates, Penalty, PenaltyKind, Prior,
    ReconstructionLoss, Reuse, Schedule, Scope, TrainingStart,
};

use crate::combinations::combinations;

fn of(experiment: Experiment, start: TrainingStart) -> Listing {
    listing(&experiment.check().expect("the test's experiment is valid"), start)
}

fn text(experiment: Experiment) -> String {
    of(experiment, TrainingStart::Fresh).text
}

fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
}

fn with_network(network: NetworkSpec) -> Experiment {
    Experiment { network, ..Experiment::default() }
}

fn with_objective(objective: Objective) -> Experiment {
    Experiment { objective, ..Experiment::default() }
}

fn with_schedule(schedule: Schedule) -> Experiment {
    Experiment { schedule, ..Experiment::default() }
}

#[test]
fn every_corruption_has_its_function() {
    for (noise, part) in [
        (Noise::Gaussian, "return (x + 0.25 * torch.randn_like(x)).clamp(0, 1)"),
        (Noise::GaussianUnclipped, "return x + 0.25 * torch.randn_like(x)"),
        (Noise::SaltAndPepper, "return torch.where(hidden, (uniform < level / 2).float(), x)"),
        (Noise::Masking, "hidden = torch.rand_like(x) < 0.25"),
        (Noise::Block, "hidden = hidden_block(x, 0.25)"),
        (Noise::Columns, "count = 7\n    hidden = torch.rand(len(x), 28).argsort(1) < count"),
        (Noise::Steps, "hidden = hidden[:, None, :, None]"),
        (Noise::Blur, "return blur(x, 1.0)"),
        (Noise::DownScaling, "return down_scale(x, 0.25)"),
    ] {
        let text = text(with_objective(Objective { corruption: Corruption::new(noise, 0.25), ..Objective::default() }));
        assert_has(&text, &[part, "noisy = corrupt(x)"]);
    }
    assert!(!text(Experiment::default()).contains("corrupt"));
}

#[test]
fn a_varied_corruption_draws_a_level_per_sample() {
    for noise in Noise::ALL.into_iter().filter(|noise| *noise != Noise::None) {
        let corruption = Corruption { noise, level: 0.5, varied: true };
        let text = text(with_objective(Objective { corruption, ..Objective::default() }));
        assert!(text.contains("0.5 * torch.rand(") || text.contains("2.0 * torch.rand("), "{noise:?}:\n{text}");
    }
}

#[test]
fn a_loss_on_hidden_values_reads_their_mask() {
    let corruption = Corruption::new(Noise::Masking, 0.5);
    let objective = Objective { corruption, scope: Scope::Hidden, ..Objective::default() };
    assert_has(
        &text(with_objective(objective)),
        &["return x.masked_fill(hidden, 0), hidden.expand_as(x)", "F.mse_loss(reconstruction[hidden], x[hidden])"],
    );
}

#[test]
fn every_loss_has_its_expression() {
    for (loss, part) in [
        (ReconstructionLoss::Mse, "return F.mse_loss(reconstruction, x)"),
        (ReconstructionLoss::Mae, "return F.l1_loss(reconstruction, x)"),
        (ReconstructionLoss::Huber, "return F.huber_loss(reconstruction, x, delta=0.1)"),
        (ReconstructionLoss::BinaryCrossEntropy, "return F.binary_cross_entropy(reconstruction, x)"),
        (ReconstructionLoss::Gaussian, "F.gaussian_nll_loss(reconstruction, x, model.output_logvar.exp()"),
        (ReconstructionLoss::Ssim, "return 1 - ssim(reconstruction, x)"),
        (ReconstructionLoss::FeatureMatching, "return F.mse_loss(reconstruction, x)"),
    ] {
        let objective = Objective { loss, ..Objective::default() };
        let network = NetworkSpec { learnt_variance: loss == ReconstructionLoss::Gaussian, ..NetworkSpec::default() };
        assert_has(&text(Experiment { network, objective, ..Experiment::default() }), &[part]);
    }
}

#[test]
fn every_penalty_has_its_term() {
    let penalised = |kind, bottleneck| {
        let network = NetworkSpec { bottleneck, ..NetworkSpec::default() };
        let objective = Objective { penalties: vec![Penalty { kind, weight: 0.5 }], ..Objective::default() };
        text(Experiment { network, objective, ..Experiment::default() })
    };
    let dense = BottleneckSpec::Dense { size: 8, activation: Activation::Sigmoid };
    let variational = BottleneckSpec::Variational { size: 8 };
    for (kind, bottleneck, part) in [
        (PenaltyKind::L1, &dense, "l1_penalty = code.abs().mean()"),
        (PenaltyKind::KlSparsity { target: 0.1 }, &dense, "kl_sparsity_penalty = kl_sparsity(code, 0.1)"),
        (PenaltyKind::Contractive, &dense, "contractive_penalty = contraction(model.encoder, x)"),
        (PenaltyKind::Contractive, &variational, "contraction(nn.Sequential(model.encoder, model.mu), x)"),
        (PenaltyKind::TotalCorrelation, &variational, "total_correlation_penalty = total_correlation(z, mu, logvar)"),
        (PenaltyKind::Orthogonality, &dense, "orthogonality_penalty = orthogonality(code)"),
        (PenaltyKind::Orthogonality, &variational, "orthogonality_penalty = orthogonality(z)"),
    ] {
        assert_has(&penalised(kind, bottleneck.clone()), &[part, "+ 0.5 * "]);
    }
}

#[test]
fn the_contraction_of_one_dense_layer_is_exact() {
    for (activation, part) in [
        (Activation::Linear, "contractive_penalty = model.encoder[1].weight.square().sum()\n"),
        (Activation::Relu, "derivative = (code > 0).float()"),
        (Activation::LeakyRelu, "derivative = torch.where(code > 0, 1.0, 0.01)"),
        (Activation::Elu, "derivative = 1 + code.clamp(max=0)"),
        (Activation::Tanh, "derivative = 1 - code**2"),
        (Activation::Sigmoid, "derivative = code * (1 - code)"),
        (Activation::Gelu, "contractive_penalty = contraction(model.encoder, x)"),
        (Activation::Silu, "contractive_penalty = contraction(model.encoder, x)"),
    ] {
        let bottleneck = BottleneckSpec::Dense { size: 8, activation };
        let network = NetworkSpec { encoder: Vec::new(), bottleneck, ..NetworkSpec::default() };
        let penalties = vec![Penalty { kind: PenaltyKind::Contractive, weight: 0.5 }];
        let objective = Objective { penalties, ..Objective::default() };
        assert_has(&text(Experiment { network, objective, ..Experiment::default() }), &[part]);
    }
}

#[test]
fn every_bottleneck_has_its_forward_pass() {
    for (bottleneck, part) in [
        (BottleneckSpec::Dense { size: 8, activation: Activation::Relu }, "return self.decoder(self.encoder(x))"),
        (BottleneckSpec::Direct, "return self.decoder(self.encoder(x))"),
        (BottleneckSpec::Variational { size: 8 }, "z = mu + torch.exp(logvar / 2) * torch.randn_like(mu) if"),
        (BottleneckSpec::VectorQuantised { codes: 8, dimension: 4 }, "z_e.reshape(-1, 4), self.codebook).argmin(1)"),
        (BottleneckSpec::Adversarial { size: 2, prior: Prior::Uniform, hidden: 8 }, "2 * torch.rand_like(code) - 1"),
        (BottleneckSpec::Adversarial { size: 2, prior: Prior::Ring, hidden: 8 }, "discriminator(ring(*code.shape))"),
        (BottleneckSpec::TopK { size: 8, active: 2 }, "            TopK(2),"),
    ] {
        assert_has(&text(with_network(NetworkSpec { bottleneck, ..NetworkSpec::default() })), &[part]);
    }
}

#[test]
fn every_activation_and_normalisation_has_its_module() {
    let modules = ["ReLU()", "LeakyReLU()", "GELU()", "SiLU()", "ELU()", "Tanh()", "Sigmoid()"];
    for (activation, module) in Activation::ALL.into_iter().skip(1).zip(modules) {
        let network = NetworkSpec { activation, ..NetworkSpec::default() };
        assert_has(&text(with_network(network)), &[&format!("nn.Linear(784, 256),  # [256]\n            nn.{module}")]);
    }
    for (normalisation, module) in [
        (Normalisation::Batch, "nn.BatchNorm1d(256)"),
        (Normalisation::Layer, "nn.GroupNorm(1, 256)"),
        (Normalisation::Group { groups: 4 }, "nn.GroupNorm(4, 256)"),
    ] {
        assert_has(&text(with_network(NetworkSpec { normalisation, ..NetworkSpec::default() })), &[module]);
    }
}

#[test]
fn every_optimiser_has_its_constructor() {
    for (optimiser, part) in [
        (Optimiser::Adam, "torch.optim.Adam(model.parameters(), lr=0.001, weight_decay=0.1)"),
        (Optimiser::AdamW, "torch.optim.AdamW(model.parameters(), lr=0.001, weight_decay=0.1)"),
        (Optimiser::Sgd { momentum: 0.9 }, "torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9"),
        (Optimiser::RmsProp, "torch.optim.RMSprop(model.parameters(), lr=0.001, weight_decay=0.1)"),
        (Optimiser::Lamb, "optimiser = Lamb(model.parameters(), lr=0.001, weight_decay=0.1)"),
        (Optimiser::Lion, "optimiser = Lion(model.parameters(), lr=0.001, weight_decay=0.1)"),
    ] {
        let text = text(with_schedule(Schedule { optimiser, weight_decay: 0.1, ..Schedule::default() }));
        assert_has(&text, &[part]);
        assert_eq!(text.contains("class Lion"), optimiser == Optimiser::Lion);
    }
}

#[test]
fn every_schedule_has_its_scheduler() {
    for (learning_rate_schedule, part) in [
        (LearningRateSchedule::Cosine, "scheduler = CosineAnnealingLR(optimiser, steps)"),
        (
            LearningRateSchedule::CosineRestarts { first_epochs: 2, factor: 3 },
            "scheduler = CosineAnnealingWarmRestarts(optimiser, 2 * len(training_loader), 3)",
        ),
        (
            LearningRateSchedule::Step { every_epochs: 1, factor: 0.5 },
            "scheduler = StepLR(optimiser, len(training_loader), 0.5)",
        ),
        (
            LearningRateSchedule::Exponential { factor: 0.9 },
            "scheduler = ExponentialLR(optimiser, 0.9 ** (1 / len(training_loader)))",
        ),
        (
            LearningRateSchedule::Plateau { factor: 0.5, patience_epochs: 3 },
            "plateau = ReduceLROnPlateau(optimiser, factor=0.5, patience=2, threshold=0)",
        ),
    ] {
        let text = text(with_schedule(Schedule { learning_rate_schedule, ..Schedule::default() }));
        assert_has(&text, &[part]);
        assert!(text.contains("scheduler.step()") != text.contains("plateau.step(validation_loss)"), "{text}");
    }
    assert!(!text(Experiment::default()).contains("scheduler"));
    let text = text(with_schedule(Schedule { warm_up_share: 0.1, ..Schedule::default() }));
    assert_has(&text, &["warm_up_steps = max(round(0.1 * steps), 1)", "scheduler = warm_up\n"]);
}

#[test]
fn a_frozen_part_is_not_trained() {
    let frozen = |encoder, decoder, normalisation| {
        let schedule = Schedule { part_rates: PartRates { encoder, decoder }, ..Schedule::default() };
        let network = NetworkSpec { normalisation, ..NetworkSpec::default() };
        text(Experiment { network, schedule, ..Experiment::default() })
    };
    let decoder = frozen(2.0, 0.0, Normalisation::Batch);
    assert_has(&decoder, &["model.decoder.requires_grad_(False)", "model.decoder.eval()", "\"lr\": 2.0 * 0.001"]);
    assert!(!decoder.contains("model.decoder.parameters()"));
    let encoder = frozen(0.0, 1.0, Normalisation::None);
    assert_has(&encoder, &["model.encoder.requires_grad_(False)"]);
    assert!(!encoder.contains("model.encoder.eval()"));
}

#[test]
fn other_starts_have_a_place_for_the_other_model() {
    let start = |start| of(Experiment::default(), start).text;
    assert_has(&start(TrainingStart::Distil), &["teacher = ...", "F.mse_loss(reconstruction, target)"]);
    assert_has(&start(TrainingStart::Continue), &["trained = ...", "model.load_state_dict(trained)"]);
    let decoder = TrainingStart::Transfer { reuse: Reuse::Decoder };
    assert_has(&start(decoder), &["trained = ...", "name.startswith(\"decoder\")", "strict=False"]);
}

#[test]
fn what_is_left_out_is_said_in_the_head_too() {
    let omissions_of = |name: &str| {
        let found = combinations().into_iter().find(|combination| combination.name == name).expect("a combination");
        let listing = of(found.experiment, found.start);
        let head = listing.text.lines().take_while(|line| line.starts_with("# "));
        let head = head.map(|line| line.trim_start_matches("# ")).collect::<Vec<_>>().join(" ");
        assert_eq!(head, listing.omissions.join(" "));
        listing.omissions
    };
    let begins = |omissions: &[String], parts: &[&str]| {
        assert_eq!(omissions.len(), parts.len(), "{omissions:?}");
        for (omission, part) in omissions.iter().zip(parts) {
            assert!(omission.contains(part) && omission.ends_with('.'), "{omission}");
        }
    };
    begins(
        &omissions_of("continued-table"),
        &["does not continue the run", "preparation of the table", "hidden value by value", "Gradient checkpointing"],
    );
    begins(&omissions_of("transferred-features"), &["features of feature matching", "warm-up"]);
    begins(&omissions_of("tied-lion"), &[]);
}

/// Every pair of blocks with every bottleneck, and with decoders of their own: no layout is unknown to a listing.
#[test]
fn every_network_that_can_be_laid_out_has_a_listing() {
    let inputs = [
        GridShape::MNIST,
        GridShape { channels: 3, height: 15, width: 12 },
        GridShape { channels: 16, height: 1, width: 1 },
    ];
    let mut listed = 0;
    for input in inputs {
        for first in BlockSpec::ALL {
            for second in BlockSpec::ALL {
                for bottleneck in BottleneckSpec::ALL {
                    for decoder in [DecoderSpec::Mirror, DecoderSpec::Blocks(vec![second.clone()])] {
                        let network = NetworkSpec {
                            input,
                            encoder: vec![first.clone(), second.clone()],
                            bottleneck: bottleneck.clone(),
                            decoder,
                            normalisation: Normalisation::Layer,
                            ..NetworkSpec::default()
                        };
                        let Ok(checked) = with_network(network).check() else { continue };
                        let text = listing(&checked, TrainingStart::Fresh).text;
                        assert_has(&text, &["class Autoencoder(nn.Module):", "data = ...", "loss.backward()"]);
                        listed += 1;
                    }
                }
            }
        }
    }
    assert!(listed > 500, "{listed}");
}
