//! Opening of vectors.

use pinhole_protocol::{
    Event,
    latent::{SampleRange, VectorSource},
};

use super::{
    super::{
        activity::Activity,
        state::{NO_MODEL, Session},
    },
    running_job::{JobFuture, JobOutcome},
};
use crate::{
    EngineError, Model,
    latent::{self, JobControl, RunSamples, file::VectorFile},
};

impl<E: Fn(Event), P: AsyncFn()> Session<E, P> {
    /// Begins to open vectors. A job before it gives way.
    pub(super) fn open_vectors(&mut self, source: VectorSource) -> Result<(), EngineError> {
        match source {
            VectorSource::Model { samples } => self.open_codes(samples),
            VectorSource::Detector => {
                let ranking = self.tables.ranking()?;
                let seed = ranking.borrow().detector().plan().seed;
                self.latent.begin(|control| {
                    Box::pin(async move {
                        let open = latent::open_rows(&ranking, seed, &control).await?;
                        Ok(JobOutcome::Opened(Box::new(open)))
                    })
                });
                Ok(())
            }
            VectorSource::File(file) => {
                let file = VectorFile::new(file, self.tables.formats())?;
                self.latent.begin(|control| {
                    Box::pin(async move { Ok(JobOutcome::Opened(Box::new(file.read(&control).await?))) })
                });
                Ok(())
            }
        }
    }

    fn open_codes(&mut self, range: SampleRange) -> Result<(), EngineError> {
        let model = self.current_model().ok_or(NO_MODEL)?;
        let known = match (&self.activity, &self.evaluation_data) {
            (Some(Activity::Training(active)), _) => Some(active.samples.clone()),
            (_, Some(data)) => Some(data.samples.clone()),
            (_, None) => None,
        };
        if let Some(samples) = known {
            self.latent.begin(|control| opening(model, samples, range, control));
            return Ok(());
        }
        let preparing = self.evaluation_samples(&model)?;
        self.latent.begin(|control| {
            Box::pin(async move {
                let samples = preparing.all(&async || control.pause().await).await?;
                opening(model, samples, range, control).await
            })
        });
        Ok(())
    }
}

fn opening(model: Model, samples: RunSamples, range: SampleRange, control: JobControl) -> JobFuture {
    Box::pin(async move {
        let open = latent::open_network(model, samples, range, &control).await?;
        Ok(JobOutcome::Opened(Box::new(open)))
    })
}
