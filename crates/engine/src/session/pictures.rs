//! Commands about pictures: drawings and samples, their denoising by the current model and by the reference, and pictures
//! that the decoder makes from codes.

use pinhole_protocol::{
    Bytes, CodeOrigin, Corruption, DenoiseSource, DenoisedPicture, Event, Experiment, Floats, GeneratedPictures,
    GridShape, NamedFile, Picture, ReferencePicture,
};

use super::{
    random_sample::held_out_picture,
    state::{NO_MODEL, Session},
};
use crate::{
    EngineError, Model, data,
    pixels::{byte_to_unit, unit_to_byte},
};

/// Pictures decoded from draws of a prior, and how many stand in a row.
const PRIOR_DRAWS: usize = 48;
const PRIOR_COLUMNS: usize = 12;
/// Pictures along each side of a plane.
const PLANE_SIDE: usize = 15;
/// Held-out samples whose codes say how wide a plane is.
const PLANE_SAMPLES: usize = 256;
/// Share of the codes left out at each end of a plane's side, so that a stray code does not stretch it.
const PLANE_TRIMMED_SHARE: f32 = 0.02;

const NOTHING_TO_GENERATE: EngineError = EngineError::State(
    "This model has no codes of its own to decode: only a variational or adversarial code has a prior to draw from, and \
     only a code of two numbers is a plane.",
);

/// Model that the current one is compared with.
pub(super) struct Reference {
    model: Model,
    /// Its last output.
    answered: Option<AnsweredReference>,
}

/// Output of the reference, and all that it depends on.
struct AnsweredReference {
    clean: Picture,
    corruption: Corruption,
    noise_seed: u64,
    output: ReferencePicture,
}

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    pub(super) fn open_reference(&mut self, file: &NamedFile) -> Result<(), EngineError> {
        let model = Model::from_file(&file.name, &file.bytes.0, self.compute()?)?;
        self.emit(Event::ReferenceReady(Box::new(model.summary())));
        self.reference = Some(Reference { model, answered: None });
        Ok(())
    }

    pub(super) async fn denoise(
        &mut self,
        request: u32,
        source: DenoiseSource,
        corruption: Corruption,
        noise_seed: u64,
    ) -> Result<(), EngineError> {
        let clean = match source {
            DenoiseSource::Drawing { pixels, width, height } => {
                let shape = picture_shape(&self.experiment());
                Picture { shape, values: Floats(data::centre_drawing(&pixels.0, width, height, shape)?) }
            }
            DenoiseSource::Picture(picture) => picture,
        };
        let comparison = match self.current_model().filter(Model::reads_pictures) {
            Some(model) => {
                let denoised = model.denoise(&clean, corruption, noise_seed).await?;
                Some(self.with_reference(denoised, &clean, corruption, noise_seed).await?)
            }
            None => None,
        };
        self.emit(Event::Denoised { request, clean, comparison });
        Ok(())
    }

    /// Adds the reference's output for the same input. During training the input stays while the current model changes, so
    /// the reference's last answer is kept.
    async fn with_reference(
        &mut self,
        denoised: DenoisedPicture,
        clean: &Picture,
        corruption: Corruption,
        noise_seed: u64,
    ) -> Result<DenoisedPicture, EngineError> {
        let has_shape = |reference: &&mut Reference| reference.model.experiment().plan().input == denoised.shape;
        let Some(Reference { model, answered }) = self.reference.as_mut().filter(has_shape) else {
            return Ok(denoised);
        };
        let is_of_input = |answered: &&AnsweredReference| {
            answered.clean == *clean && answered.corruption == corruption && answered.noise_seed == noise_seed
        };
        let reference = if let Some(answered) = answered.as_ref().filter(is_of_input) {
            answered.output.clone()
        } else {
            let other = model.denoise(clean, corruption, noise_seed).await?;
            let output = ReferencePicture {
                denoised: other.denoised,
                quality: other.denoised_quality,
                hidden_mse: other.hidden_mse,
            };
            *answered =
                Some(AnsweredReference { clean: clean.clone(), corruption, noise_seed, output: output.clone() });
            output
        };
        Ok(DenoisedPicture { reference: Some(Box::new(reference)), ..denoised })
    }

    pub(super) async fn decode(&self, request: u32, code: &[f32]) -> Result<(), EngineError> {
        let picture = self.current_model().ok_or(NO_MODEL)?.decode(code).await?;
        self.emit(Event::Decoded { request, picture });
        Ok(())
    }

    pub(super) fn random_sample(&self, seed: u64) {
        let experiment = self.experiment();
        let shape = picture_shape(&experiment);
        let pixels = held_out_picture(seed, self.opened.as_deref(), &experiment, shape);
        let values = Floats(pixels.into_iter().map(byte_to_unit).collect());
        self.emit(Event::Sample(Picture { shape, values }));
    }

    /// Decodes codes that belong to no input.
    pub(super) async fn generate(&mut self, request: u32, seed: u64) -> Result<(), EngineError> {
        let model = self.current_model().ok_or(NO_MODEL)?;
        let shape = model.experiment().plan().input;
        data::check_picture_input(shape)?;
        let origin = CodeOrigin::of(model.experiment().plan()).ok_or(NOTHING_TO_GENERATE)?;
        let (codes, columns) = match origin {
            CodeOrigin::Prior => (model.draw_prior(PRIOR_DRAWS, seed).await?, PRIOR_COLUMNS),
            CodeOrigin::Plane => (self.plane_codes(&model).await?, PLANE_SIDE),
        };
        let values = model.decode_all(codes.clone()).await?;
        let pictures = GeneratedPictures {
            origin,
            shape,
            count: values.len() / shape.len(),
            columns,
            codes: Floats(codes),
            pixels: Bytes(values.into_iter().map(unit_to_byte).collect()),
        };
        self.emit(Event::Generated { request, pictures });
        Ok(())
    }

    /// Codes on a grid over the range of held-out codes, row by row, the greatest second number first.
    async fn plane_codes(&mut self, model: &Model) -> Result<Vec<f32>, EngineError> {
        let held_out = self.held_out(model).await?;
        let codes = model.encode_all(held_out.first(PLANE_SAMPLES)).await?;
        let [across, up] = [0, 1].map(|unit| spread(codes.iter().skip(unit).step_by(2).copied().collect()));
        let at = |(low, high): (f32, f32), index: usize| low + (high - low) * index as f32 / (PLANE_SIDE - 1) as f32;
        let rows = (0..PLANE_SIDE).rev().map(|row| at(up, row));
        Ok(rows.flat_map(|y| (0..PLANE_SIDE).flat_map(move |column| [at(across, column), y])).collect())
    }
}

/// Least and greatest of the values, without the share at each end; a range of one number is widened.
fn spread(mut values: Vec<f32>) -> (f32, f32) {
    values.retain(|value| value.is_finite());
    values.sort_by(f32::total_cmp);
    let trimmed = (values.len() as f32 * PLANE_TRIMMED_SHARE) as usize;
    let kept = values.get(trimmed..values.len() - trimmed).unwrap_or_default();
    match (kept.first(), kept.last()) {
        (Some(&low), Some(&high)) if low < high => (low, high),
        (Some(&only), _) => (only - 1.0, only + 1.0),
        _ => (-1.0, 1.0),
    }
}

/// Shape of a centred drawing: the experiment's input, or MNIST's if that is no picture's shape.
fn picture_shape(experiment: &Experiment) -> GridShape {
    let input = experiment.network.input;
    if data::check_picture_input(input).is_ok() { input } else { GridShape::MNIST }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_as_wide_as_most_codes() {
        let values: Vec<f32> = (0..100).map(|value| value as f32).chain([f32::NAN, 1e9]).collect();
        assert_eq!(spread(values), (2.0, 98.0));
        assert_eq!(spread(vec![3.0; 5]), (2.0, 4.0));
        assert_eq!(spread(Vec::new()), (-1.0, 1.0));
    }
}
