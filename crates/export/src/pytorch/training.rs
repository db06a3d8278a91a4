//! The training loop: steps, validation, best weights.

use pinhole_protocol::{BottleneckPlan, CheckedExperiment, Normalisation, Prior, Schedule};

use super::{
    augmentation,
    autoencoder::Autoencoder,
    data::has_validation,
    loss::Loss,
    optimiser::{self, frozen_statistics, has_plateau, has_scheduler},
    python::{indented, number, times, uses},
};

/// Optimiser, schedulers and the loop over epochs.
pub(super) struct Training<'a> {
    pub experiment: &'a CheckedExperiment,
    pub autoencoder: &'a Autoencoder<'a>,
    pub loss: &'a Loss<'a>,
}

impl Training<'_> {
    /// The section `optimiser = …`.
    pub fn optimisers(&self) -> String {
        let schedule = self.schedule();
        let mut lines = optimiser::definition(schedule, self.autoencoder);
        if self.loss.is_adversarial() {
            let of_discriminator = optimiser::constructor(schedule, "discriminator.parameters()");
            lines.push(format!("discriminator_optimiser = {of_discriminator}"));
        }
        if let Some(decay) = schedule.moving_average {
            // Running statistics are averaged like weights.
            let is_batch = self.experiment.spec().network.normalisation == Normalisation::Batch;
            let buffers = if is_batch { ", use_buffers=True" } else { "" };
            let ema = format!("multi_avg_fn=get_ema_multi_avg_fn({}){buffers}", number(decay));
            lines.push(format!("average = AveragedModel(model, {ema})  # of the weights, validated and kept"));
        }
        let schedulers = self.prefixes().into_iter().flat_map(|prefix| optimiser::schedulers(schedule, prefix));
        let schedulers: Vec<String> = schedulers.collect();
        if self.loss.warm_up().is_some() || uses(&schedulers.join("\n"), "steps") {
            lines.push(format!("steps = {} * len(training_loader)", schedule.epochs));
        }
        lines.extend(schedulers);
        lines.join("\n")
    }

    /// The loop over epochs.
    pub fn run(&self) -> String {
        let schedule = self.schedule();
        let has_steps = self.loss.warm_up().is_some();
        let start = if has_steps { "step, best_loss = 0, float(\"inf\")" } else { "best_loss = float(\"inf\")" };
        let epoch = [self.train(), self.validate(), self.finish_epoch()].concat();
        let mut lines = vec![start.to_owned(), format!("for epoch in range({}):", schedule.epochs)];
        lines.extend(indented(1, epoch));
        let selected = if has_validation(self.experiment) { "validation" } else { "training" };
        lines.push(format!(
            "{}.load_state_dict(best_weights)  # of the epoch with the lowest {selected} loss",
            self.kept()
        ));
        lines.join("\n")
    }

    const fn schedule(&self) -> &Schedule {
        &self.experiment.spec().schedule
    }

    /// Prefixes of the names of all optimisers.
    fn prefixes(&self) -> Vec<&'static str> {
        if self.loss.is_adversarial() { vec!["", "discriminator_"] } else { vec![""] }
    }

    /// The model that is validated and kept.
    const fn kept(&self) -> &'static str {
        if self.schedule().moving_average.is_some() { "average.module" } else { "model" }
    }

    /// Variables of a batch.
    fn batch(&self) -> String {
        self.loss.batch("").join(", ")
    }

    fn train(&self) -> Vec<String> {
        let mut lines = vec!["model.train()".to_owned()];
        lines.extend(frozen_statistics(self.schedule(), self.experiment.spec().network.normalisation));
        if !has_validation(self.experiment) {
            lines.push("training_loss = 0".into());
        }
        let accumulates = self.schedule().accumulated_batches > 1;
        let step = if accumulates { self.accumulated_step() } else { self.single_step() };
        let samples = self.loss.batch(if accumulates { "step_" } else { "" }).join(", ");
        lines.push(format!("for {samples} in training_loader:"));
        lines.extend(indented(1, step));
        lines
    }

    /// A step with the gradient of one batch.
    fn single_step(&self) -> Vec<String> {
        let mut lines = self.batch_loss();
        lines.push("optimiser.zero_grad()".into());
        lines.push("loss.backward()".into());
        lines.extend(self.update());
        if self.loss.is_adversarial() {
            lines.push(String::new());
            lines.extend(self.discriminator_loss());
            lines.push("discriminator_optimiser.zero_grad()".into());
            lines.push("discriminator_loss.backward()".into());
            lines.push("discriminator_optimiser.step()".into());
        }
        lines.extend(self.after_step());
        lines.extend(self.training_loss());
        lines
    }

    /// A step with the mean gradient of several batches, which were loaded as one.
    fn accumulated_step(&self) -> Vec<String> {
        let size = self.schedule().batch_size;
        let parts: Vec<String> = self.loss.batch("step_").iter().map(|name| format!("{name}.split({size})")).collect();
        let each = match parts.as_slice() {
            [inputs] => format!("for x in {inputs}:"),
            parts => format!("for {} in zip({}):", self.batch(), parts.join(", ")),
        };
        let is_adversarial = self.loss.is_adversarial();
        // The gradient of the discriminator is accumulated by its own loss alone.
        let inputs = if is_adversarial { "inputs=trained" } else { "" };
        let mut accumulated = self.batch_loss();
        accumulated.push("share = len(x) / len(step_x)".into());
        accumulated.push(format!("(share * loss).backward({inputs})"));
        accumulated.extend(self.training_loss());
        if is_adversarial {
            accumulated.extend(self.discriminator_loss());
            accumulated.push("(share * discriminator_loss).backward()".into());
        }
        let zero = self.prefixes().into_iter().map(|prefix| format!("{prefix}optimiser.zero_grad()"));
        let mut lines: Vec<String> = zero.collect();
        if is_adversarial {
            lines.push("trained = [weight for weight in model.parameters() if weight.requires_grad]".into());
        }
        lines.push(each);
        lines.extend(indented(1, accumulated));
        lines.extend(self.update());
        if is_adversarial {
            lines.push("discriminator_optimiser.step()".into());
        }
        lines.extend(self.after_step());
        lines
    }

    /// Lines that compute `loss`, and the code if a discriminator reads it.
    fn batch_loss(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if augmentation::is_used(self.experiment) {
            lines.push("x = augment(x)".to_owned());
        }
        let beta = self.loss.warm_up().map_or("", |(beta, share)| {
            let rising = format!("beta = {}min(step / ({} * steps), 1)", times(beta), number(share));
            lines.push(rising);
            ", beta"
        });
        let result = if self.loss.is_adversarial() { "loss, code" } else { "loss" };
        lines.push(format!("{result} = batch_loss(model, {}{beta})", self.batch()));
        let weight = self.experiment.spec().objective.adversarial;
        if self.loss.is_adversarial() && weight > 0.0 {
            lines.push(format!("loss = loss - {}F.logsigmoid(discriminator(code)).mean()", times(weight)));
        }
        lines
    }

    /// Clipping and the optimiser's step.
    fn update(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(value) = self.schedule().gradient_clip_value {
            lines.push(format!("nn.utils.clip_grad_value_(model.parameters(), {})", number(value)));
        }
        if let Some(norm) = self.schedule().gradient_clip_norm {
            lines.push("for parameter in model.parameters():".into());
            lines.push(format!("    nn.utils.clip_grad_norm_(parameter, {})", number(norm)));
        }
        lines.push("optimiser.step()".into());
        lines
    }

    /// The loss of a discriminator between draws of the prior and codes (Makhzani et al. 2016).
    fn discriminator_loss(&self) -> Vec<String> {
        let BottleneckPlan::Adversarial { prior } = self.experiment.plan().bottleneck else { return Vec::new() };
        let drawn = match prior {
            Prior::Gaussian => "torch.randn_like(code)",
            Prior::Uniform => "2 * torch.rand_like(code) - 1",
            Prior::Ring => "ring(*code.shape)",
        };
        vec![
            format!("of_prior = F.logsigmoid(discriminator({drawn})).mean()"),
            "of_codes = F.logsigmoid(-discriminator(code.detach())).mean()".into(),
            "discriminator_loss = -(of_prior + of_codes) / 2".into(),
        ]
    }

    /// Lines after a step.
    fn after_step(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if has_scheduler(self.schedule()) {
            lines.extend(self.prefixes().into_iter().map(|prefix| format!("{prefix}scheduler.step()")));
        }
        if self.schedule().moving_average.is_some() {
            lines.push("average.update_parameters(model)".into());
        }
        if self.loss.warm_up().is_some() {
            lines.push("step += 1".into());
        }
        lines
    }

    /// The line that adds a batch to the training loss, which is read where nothing is validated.
    fn training_loss(&self) -> Option<String> {
        (!has_validation(self.experiment)).then(|| "training_loss += len(x) * loss.item() / len(training)".to_owned())
    }

    fn validate(&self) -> Vec<String> {
        if !has_validation(self.experiment) {
            return Vec::new();
        }
        let model = self.kept();
        let index = if self.loss.is_adversarial() { "[0]" } else { "" };
        let loss = format!("batch_loss({model}, {}){index}.item()", self.batch());
        vec![
            format!("{model}.eval()"),
            "with torch.no_grad():".into(),
            format!("    losses = [len(x) * {loss} for {} in validation_loader]", self.batch()),
            "validation_loss = sum(losses) / len(validation)".into(),
        ]
    }

    fn finish_epoch(&self) -> Vec<String> {
        let schedule = self.schedule();
        let name = if has_validation(self.experiment) { "validation" } else { "training" };
        let mut lines = vec![format!("print(f\"epoch {{epoch + 1}}: {name} loss {{{name}_loss:.5f}}\")")];
        if has_plateau(schedule) {
            let steps = self.prefixes().into_iter().map(|prefix| format!("{prefix}plateau.step({name}_loss)"));
            lines.extend(steps);
        }
        let kept = self.kept();
        lines.push(format!("if {name}_loss < best_loss:"));
        lines.push(format!("    best_loss, best_weights = {name}_loss, copy.deepcopy({kept}.state_dict())"));
        if let Some(stopping) = schedule.early_stopping {
            lines.push("    best_epoch = epoch".into());
            lines.push(format!("elif epoch - best_epoch >= {}:", stopping.patience_epochs));
            lines.push("    break".into());
        }
        lines
    }
}
