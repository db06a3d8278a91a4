//! A trained network with everything that made it.

use std::rc::Rc;

use burn::tensor::{Tensor, TensorData};
use pinhole_protocol::{CheckedExperiment, Comparison, Corruption, EpochRecord, Floats, ModelSummary, Picture};

use crate::{
    Compute, EngineError,
    data::{self, Arrangement},
    measure::images,
    model_file::{self, ModelFile},
    network::Autoencoder,
    objective::corruption::corrupt,
    read_back::read,
    training::RunState,
};

/// A network on a device, the experiment that it came from, and its epochs so far.
#[derive(Clone, Debug)]
pub struct Model {
    /// A file's name, or what trained it.
    pub name: String,
    pub(crate) network: Autoencoder,
    pub(crate) experiment: CheckedExperiment,
    pub(crate) history: Vec<EpochRecord>,
    /// What its run goes on with, if it is that run's last step.
    pub(crate) run_state: Option<Rc<RunState>>,
    pub(crate) compute: Compute,
}

impl Model {
    /// Opens a model file and puts its network on the device.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn from_file(name: &str, bytes: &[u8], compute: &Compute) -> Result<Self, EngineError> {
        let ModelFile { experiment, history, weights, run_state } =
            model_file::read(bytes).map_err(|problem| EngineError::ModelFile { name: name.to_owned(), problem })?;
        let network = Autoencoder::from_weights(experiment.plan(), weights, compute.device());
        let run_state = run_state.map(Rc::new);
        Ok(Self { name: name.to_owned(), network, experiment, history, run_state, compute: compute.clone() })
    }

    /// A model with the weights that its experiment's seed stands for.
    pub fn untrained(name: String, experiment: CheckedExperiment, compute: &Compute) -> Self {
        let network = Autoencoder::new(experiment.plan(), experiment.spec().seed, compute.device());
        Self { name, network, experiment, history: Vec::new(), run_state: None, compute: compute.clone() }
    }

    /// The network, without autodiff.
    pub const fn network(&self) -> &Autoencoder {
        &self.network
    }

    /// What made it.
    pub const fn experiment(&self) -> &CheckedExperiment {
        &self.experiment
    }

    /// Its epochs so far.
    pub fn history(&self) -> &[EpochRecord] {
        &self.history
    }

    /// What people are told of it.
    pub fn summary(&self) -> ModelSummary {
        ModelSummary {
            name: self.name.clone(),
            experiment: self.experiment.spec().clone(),
            history: self.history.clone(),
        }
    }

    /// Rebuilds samples that lie one after the other.
    ///
    /// # Errors
    /// When the values are no whole number of inputs, or the device fails.
    pub async fn rebuild(&self, inputs: &[f32]) -> Result<Vec<f32>, EngineError> {
        let width = self.experiment.plan().input.len();
        if inputs.is_empty() || !inputs.len().is_multiple_of(width) {
            return Err(wrong_size(width, inputs.len()));
        }
        let data = TensorData::new(inputs.to_vec(), [inputs.len() / width, width]);
        let batch = Tensor::<2>::from_data(data, self.compute.device());
        Ok(read(self.network.forward(batch)).await?)
    }

    /// Corrupts one picture, brought to what the model reads, and cleans it.
    ///
    /// # Errors
    /// When the picture is not of its own shape, the model reads no pictures, or the device fails.
    pub async fn denoise(
        &self,
        picture: &Picture,
        corruption: Corruption,
        noise_seed: u64,
    ) -> Result<Comparison, EngineError> {
        let clean = self.fitted(picture)?;
        let shape = self.experiment.plan().input;
        let noisy = corrupt(&clean, Arrangement::plain(shape), corruption, noise_seed, 0).input;
        let denoised = self.rebuild(&noisy).await?;
        let quality = |other: &[f32]| images::quality(&clean, other, shape);
        Ok(Comparison {
            shape,
            noisy_quality: quality(&noisy),
            denoised_quality: quality(&denoised),
            noisy: Floats(noisy),
            denoised: Floats(denoised),
        })
    }

    fn fitted(&self, Picture { shape, values: Floats(values) }: &Picture) -> Result<Vec<f32>, EngineError> {
        let input = self.experiment.plan().input;
        if input.height == 1 && input.width == 1 {
            return Err(EngineError::setting(
                "pixels",
                format!(
                    "This model reads rows of {} numbers, so no drawing can be shown to it: open or train a model of pictures.",
                    input.channels
                ),
            ));
        }
        if values.len() != shape.len() || shape.is_empty() {
            return Err(wrong_size(shape.len(), values.len()));
        }
        if *shape == input {
            return Ok(values.clone());
        }
        data::check_picture_input(input)?;
        data::check_picture_channels(*shape)?;
        Ok(data::fit_values(values, *shape, input))
    }

    /// The bytes of a model file.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn to_file(&self) -> Result<Vec<u8>, EngineError> {
        model_file::write(self, None).await
    }

    /// As [`Model::to_file`], with all that its run needs to be taken up as if it had never stopped, where that is known:
    /// about four times the size.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn to_checkpoint(&self) -> Result<Vec<u8>, EngineError> {
        model_file::write(self, self.run_state.as_deref()).await
    }
}

fn wrong_size(needed: usize, came: usize) -> EngineError {
    let message = format!("{needed} values are needed here, and {came} came: centre the drawing first.");
    EngineError::setting("pixels", message)
}
