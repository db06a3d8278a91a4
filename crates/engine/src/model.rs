//! A trained network with its experiment and history.

use std::rc::Rc;

use burn::tensor::{Tensor, TensorData, Transaction, activation::softmax};
use pinhole_protocol::{
    BottleneckPlan, CheckedExperiment, Corruption, DenoisedPicture, EpochRecord, Floats, LatentCode, ModelSummary,
    Picture, Prior,
};
use tracing::info;

use crate::{
    Compute, EngineError,
    data::{self, SampleLayout},
    measure::{images, indices, masked_error},
    model_file::{self, ModelFile},
    network::{Autoencoder, Latent, Mode, StepRng},
    objective::{
        corruption::{Corrupted, corrupt},
        sample_prior,
    },
    read_back::{read, read_all},
    training::RunState,
};

/// A network on a device, with the experiment that trained it and its epochs so far.
#[derive(Clone, Debug)]
pub struct Model {
    /// Name of its file, or of the data that it was trained on.
    pub name: String,
    pub(crate) network: Autoencoder,
    pub(crate) experiment: CheckedExperiment,
    pub(crate) history: Vec<EpochRecord>,
    /// State for resuming its run, if the network is that of the run's last step.
    pub(crate) run_state: Option<Rc<RunState>>,
    pub(crate) compute: Compute,
}

impl Model {
    /// Opens a model file and loads its network onto the device.
    ///
    /// # Errors
    /// The problem with the file.
    pub fn from_file(name: &str, bytes: &[u8], compute: &Compute) -> Result<Self, EngineError> {
        let ModelFile { experiment, history, weights, run_state } =
            model_file::read(bytes).map_err(|problem| EngineError::ModelFile { name: name.to_owned(), problem })?;
        let network = Autoencoder::from_weights(experiment.plan(), weights, compute.device());
        let run_state = run_state.map(Rc::new);
        info!(name, bytes = bytes.len(), epochs = history.len(), "model file opened");
        Ok(Self { name: name.to_owned(), network, experiment, history, run_state, compute: compute.clone() })
    }

    /// A model with the first weights of its experiment's seed.
    pub fn untrained(name: String, experiment: CheckedExperiment, compute: &Compute) -> Self {
        let network = Autoencoder::new(experiment.plan(), experiment.spec().seed, compute.device());
        Self { name, network, experiment, history: Vec::new(), run_state: None, compute: compute.clone() }
    }

    /// The network, without autodiff.
    pub const fn network(&self) -> &Autoencoder {
        &self.network
    }

    /// Experiment that trained it.
    pub const fn experiment(&self) -> &CheckedExperiment {
        &self.experiment
    }

    /// Epochs done.
    pub fn history(&self) -> &[EpochRecord] {
        &self.history
    }

    /// True if the network's inputs have rows or columns; vectors, such as a table's rows, have neither.
    pub(crate) fn reads_pictures(&self) -> bool {
        !SampleLayout::ungrouped(self.experiment.plan().input).is_vector()
    }

    /// Summary for the page.
    pub fn summary(&self) -> ModelSummary {
        ModelSummary {
            name: self.name.clone(),
            experiment: self.experiment.spec().clone(),
            history: self.history.clone(),
        }
    }

    /// Reconstructs consecutive samples.
    ///
    /// # Errors
    /// When the values are no whole number of inputs, or the device fails.
    pub async fn reconstruct(&self, inputs: &[f32]) -> Result<Vec<f32>, EngineError> {
        let width = self.experiment.plan().input.len();
        if inputs.is_empty() || !inputs.len().is_multiple_of(width) {
            return Err(wrong_size(width, inputs.len()));
        }
        Ok(read(self.network.forward(self.rows(inputs.to_vec(), width))).await?)
    }

    /// Corrupts one picture, fitted to the network's input shape, and denoises it.
    ///
    /// # Errors
    /// When the number of values does not match the picture's shape, the model reads no pictures, or the device fails.
    pub async fn denoise(
        &self,
        picture: &Picture,
        corruption: Corruption,
        noise_seed: u64,
    ) -> Result<DenoisedPicture, EngineError> {
        let clean = self.fit(picture)?;
        let shape = self.experiment.plan().input;
        let Corrupted { input: noisy, hidden } =
            corrupt(&clean, SampleLayout::ungrouped(shape), corruption, noise_seed, 0);
        let forward = self.network.forward_with_mode(self.rows(noisy.clone(), shape.len()), &mut Mode::Inference);
        let mut reads = Transaction::default().register(forward.reconstruction()).register(forward.code);
        let codebook = self.network.bottleneck().codebook();
        let dimension = codebook.as_ref().map_or(1, |codebook| codebook.dims()[1]);
        let is_variational = matches!(forward.latent, Latent::Gaussian { .. });
        match (forward.latent, codebook) {
            (Latent::Gaussian { logvar, .. }, _) => reads = reads.register(logvar),
            (Latent::Quantised { z_q, .. }, Some(codebook)) => reads = reads.register(z_q).register(codebook),
            (Latent::Plain | Latent::Quantised { .. }, _) => {}
        }
        let mut values = read_all(reads).await?.into_iter();
        let mut next = || values.next().unwrap_or_default();
        let (denoised, code, logvar_or_z_q, codebook) = (next(), next(), next(), next());
        let (logvar, z_q) = if is_variational { (logvar_or_z_q, Vec::new()) } else { (Vec::new(), logvar_or_z_q) };
        let quality = |other: &[f32]| images::quality(&clean, other, shape);
        Ok(DenoisedPicture {
            shape,
            noisy_quality: quality(&noisy),
            denoised_quality: quality(&denoised),
            hidden_mse: hidden.map(|hidden| masked_error(&clean, &denoised, &hidden)),
            class_probabilities: Floats(self.class_probabilities(&code).await?),
            noisy: Floats(noisy),
            code: LatentCode {
                shape: self.experiment.plan().code,
                values: Floats(code),
                deviations: Floats(logvar.into_iter().map(|logvar| (0.5 * logvar).exp()).collect()),
                indices: indices(&z_q, &codebook, dimension).map(|index| index as u32).collect(),
            },
            denoised: Floats(denoised),
            reference: None,
        })
    }

    /// Reconstructs a picture from a code.
    ///
    /// # Errors
    /// When the code is not of the latent size, the model reads no pictures, or the device fails.
    pub async fn decode(&self, code: &[f32]) -> Result<Picture, EngineError> {
        let plan = self.experiment.plan();
        data::check_picture_input(plan.input)?;
        if code.len() != plan.code.len() {
            let message = format!("The model's code has {} numbers, and {} came.", plan.code.len(), code.len());
            return Err(EngineError::setting("code", message));
        }
        Ok(Picture { shape: plan.input, values: Floats(self.decode_all(code.to_vec()).await?) })
    }

    /// Codes of consecutive samples.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn encode_all(&self, inputs: &[f32]) -> Result<Vec<f32>, EngineError> {
        let width = self.experiment.plan().input.len();
        Ok(read(self.network.encode(self.rows(inputs.to_vec(), width))).await?)
    }

    /// Codes of consecutive samples, and their reconstructions.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn encode_and_reconstruct(&self, inputs: &[f32]) -> Result<[Vec<f32>; 2], EngineError> {
        let width = self.experiment.plan().input.len();
        let forward = self.network.forward_with_mode(self.rows(inputs.to_vec(), width), &mut Mode::Inference);
        let reads = Transaction::default().register(forward.code.clone()).register(forward.reconstruction());
        let mut values = read_all(reads).await?.into_iter();
        Ok([values.next().unwrap_or_default(), values.next().unwrap_or_default()])
    }

    /// Log variances of the variational codes of consecutive samples; `None` if the code is another one.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn log_variances(&self, inputs: &[f32]) -> Result<Option<Vec<f32>>, EngineError> {
        let width = self.experiment.plan().input.len();
        match self.network.forward_with_mode(self.rows(inputs.to_vec(), width), &mut Mode::Inference).latent {
            Latent::Gaussian { logvar, .. } => Ok(Some(read(logvar).await?)),
            Latent::Plain | Latent::Quantised { .. } => Ok(None),
        }
    }

    /// Values of the pictures of consecutive codes of the latent size.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn decode_all(&self, codes: Vec<f32>) -> Result<Vec<f32>, EngineError> {
        let width = self.experiment.plan().code.len();
        Ok(read(self.network.decode(self.rows(codes, width))).await?)
    }

    /// Probabilities of the classes for consecutive codes, class by class; empty without a classifier.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn class_probabilities(&self, codes: &[f32]) -> Result<Vec<f32>, EngineError> {
        let plan = self.experiment.plan();
        if plan.head.is_empty() {
            return Ok(Vec::new());
        }
        let codes = self.rows(codes.to_vec(), plan.code.len());
        Ok(read(softmax(self.network.classify(codes), 1)).await?)
    }

    /// Draws from the prior of a variational or adversarial code.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn draw_prior(&self, draws: usize, seed: u64) -> Result<Vec<f32>, EngineError> {
        let plan = self.experiment.plan();
        let prior = match plan.bottleneck {
            BottleneckPlan::Adversarial { prior } => prior,
            _ => Prior::Gaussian,
        };
        let shape = [draws, plan.code.len()];
        Ok(read(sample_prior(prior, shape, &mut StepRng::new(seed, 0), self.compute.device())).await?)
    }

    /// Consecutive samples or codes as a tensor, [samples, width].
    fn rows(&self, values: Vec<f32>, width: usize) -> Tensor<2> {
        let samples = values.len() / width;
        Tensor::from_data(TensorData::new(values, [samples, width]), self.compute.device())
    }

    /// Values of a picture, fitted to the network's input shape.
    fn fit(&self, Picture { shape, values: Floats(values) }: &Picture) -> Result<Vec<f32>, EngineError> {
        let input = self.experiment.plan().input;
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
        self.write(None).await
    }

    /// As [`Model::to_file`], with the state for resuming its run, where that is known: about four times the size.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn to_checkpoint(&self) -> Result<Vec<u8>, EngineError> {
        self.write(self.run_state.as_deref()).await
    }

    async fn write(&self, run_state: Option<&RunState>) -> Result<Vec<u8>, EngineError> {
        let weights = self.network.read_weights(self.experiment.plan()).await?;
        Ok(model_file::write(&self.experiment, &self.history, &weights, run_state))
    }
}

fn wrong_size(expected: usize, received: usize) -> EngineError {
    let message = format!("{expected} values are needed here, and {received} came: centre the drawing first.");
    EngineError::setting("pixels", message)
}
