//! Task of a model: the names of the pictures on its way, and the corruption that it was trained to undo.

use pinhole_protocol::{Corruption, Experiment, Noise};

/// Task of a model, by the corruption of its experiment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Task {
    /// Corruption in training; none for a model that reconstructs its input.
    pub corruption: Corruption,
}

/// Names of the pictures of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureNames {
    pub clean: &'static str,
    pub corrupted: &'static str,
    pub output: &'static str,
}

impl Task {
    /// Task of the model that an experiment trains.
    pub const fn of(experiment: &Experiment) -> Self {
        Self { corruption: experiment.objective.corruption }
    }

    /// Title of the lab.
    pub fn title(self) -> &'static str {
        match self.kind() {
            Noise::None => "Draw a digit. It is rebuilt from its code.",
            Noise::Block | Noise::Columns | Noise::Steps | Noise::Masking => {
                "Draw a digit. What is hidden is filled in."
            }
            Noise::DownScaling | Noise::Blur => "Draw a digit. Its lost detail comes back.",
            Noise::Gaussian | Noise::GaussianUnclipped | Noise::SaltAndPepper => "Draw a digit. It comes back clean.",
        }
    }

    /// Names of the pictures when they are corrupted by `noise`.
    pub fn names(self, noise: Noise) -> PictureNames {
        let corrupted = match noise {
            Noise::Block | Noise::Columns | Noise::Steps | Noise::Masking => "With a hole",
            Noise::DownScaling => "Small",
            Noise::Blur => "Blurred",
            Noise::None | Noise::Gaussian | Noise::GaussianUnclipped | Noise::SaltAndPepper => "Noisy",
        };
        let (clean, output) = match self.kind() {
            Noise::None => ("Input", "Reconstruction"),
            Noise::Block | Noise::Columns | Noise::Steps | Noise::Masking => ("Clean", "Filled in"),
            Noise::DownScaling => ("Clean", "Enlarged"),
            Noise::Blur => ("Clean", "Sharpened"),
            Noise::Gaussian | Noise::GaussianUnclipped | Noise::SaltAndPepper => ("Clean", "Denoised"),
        };
        PictureNames { clean, corrupted, output }
    }

    /// Sentence for a person who corrupts the input otherwise than the model has learnt; `None` if it has learnt this.
    pub fn mismatch(self, shown: Corruption) -> Option<String> {
        let (trained, noise) = (self.kind(), shown.noise);
        if shown.is_none() || trained == noise {
            return None;
        }
        let name = noise.label().to_lowercase();
        Some(if trained == Noise::None {
            format!(
                "This model was not trained for it: it learnt to rebuild its input as it is, and so rebuilds {name} noise too."
            )
        } else {
            format!(
                "This model was not trained for it: it learnt to undo {}, not {name}.",
                trained.label().to_lowercase()
            )
        })
    }

    /// Corruption to show a model with: its own; of a model for all levels up to one, a middle level. A model without
    /// one has a middle level too, for the kind that a person chooses.
    pub fn shown_corruption(self) -> Corruption {
        const MIDDLE: f32 = 0.5;
        let Corruption { level, varied, .. } = self.corruption;
        let level = match self.kind() {
            Noise::None => MIDDLE,
            _ if varied => level.min(MIDDLE),
            _ => level,
        };
        Corruption { level, varied: false, noise: self.kind() }
    }

    fn kind(self) -> Noise {
        if self.corruption.is_none() { Noise::None } else { self.corruption.noise }
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::presets;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn task(preset: &str) -> Task {
        Task::of(&presets().into_iter().find(|listed| listed.name == preset).expect("it is listed").experiment)
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn pictures_have_the_names_of_the_task() {
        for (preset, clean, corrupted, output) in [
            ("article", "Input", "Noisy", "Reconstruction"),
            ("dense-denoiser", "Clean", "Noisy", "Denoised"),
            ("inpainting", "Clean", "With a hole", "Filled in"),
            ("super-resolution", "Clean", "Small", "Enlarged"),
        ] {
            let task = task(preset);
            let names = task.names(task.shown_corruption().noise);
            assert_eq!((names.clean, names.corrupted, names.output), (clean, corrupted, output), "{preset}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_model_is_shown_with_the_corruption_that_it_was_trained_for() {
        assert!(task("article").shown_corruption().is_none());
        assert_eq!(task("dense-denoiser").shown_corruption(), Corruption::new(Noise::Gaussian, 0.5));
        assert_eq!(task("deep-denoiser").shown_corruption(), Corruption::new(Noise::Gaussian, 0.5));
        assert_eq!(task("inpainting").shown_corruption(), Corruption::new(Noise::Block, 0.25));
        for preset in presets() {
            let task = Task::of(&preset.experiment);
            assert_eq!(task.mismatch(task.shown_corruption()), None, "{}", preset.name);
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_corruption_that_was_not_learnt_is_said() {
        let gaussian = Corruption::new(Noise::Gaussian, 0.5);
        assert!(task("article").mismatch(gaussian).is_some_and(|text| text.contains("not trained for it")));
        assert!(task("inpainting").mismatch(gaussian).is_some_and(|text| text.contains("hidden block, not gaussian")));
        assert_eq!(task("article").mismatch(Corruption::new(Noise::Gaussian, 0.0)), None);
    }
}
