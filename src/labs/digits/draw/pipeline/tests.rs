//! Tests of the pipeline's state.

use pinhole_protocol::{EpochRecord, LatentCode, ReferencePicture};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

const SHAPE: GridShape = GridShape { channels: 1, height: 1, width: 2 };

fn quality(psnr_db: f64) -> Quality {
    Quality { mse: 0.1, psnr_db, ssim: 0.5 }
}

fn answer(own_db: f64, reference_db: Option<f64>) -> PipelineAction {
    PipelineAction::ShowDenoised(clean(), Some(comparison(own_db, reference_db).into()))
}

fn comparison(own_db: f64, reference_db: Option<f64>) -> DenoisedPicture {
    let code = LatentCode {
        shape: SHAPE,
        values: Floats(vec![1.0, 2.0]),
        deviations: Floats(Vec::new()),
        indices: Vec::new(),
    };
    let reference =
        |psnr_db| ReferencePicture { denoised: Floats(vec![9.0; 2]), quality: quality(psnr_db), hidden_mse: None };
    DenoisedPicture {
        shape: SHAPE,
        noisy: Floats(vec![0.5; 2]),
        code,
        denoised: Floats(vec![own_db as f32; 2]),
        noisy_quality: quality(5.0),
        denoised_quality: quality(own_db),
        hidden_mse: None,
        class_probabilities: Floats(Vec::new()),
        reference: reference_db.map(reference).map(Box::new),
    }
}

fn clean() -> Rc<Picture> {
    Picture { shape: SHAPE, values: Floats(vec![1.0; 2]) }.into()
}

fn with_model() -> Pipeline {
    let mut pipeline = Pipeline::default();
    pipeline.reduce(answer(10.0, None));
    assert_eq!(pipeline.output(), None, "there is no model that could have answered");
    let samples = pinhole_protocol::SampleGrid {
        shape: SHAPE,
        count: 0,
        originals: pinhole_protocol::Bytes::default(),
        noisy: pinhole_protocol::Bytes::default(),
        rebuilt: pinhole_protocol::Bytes::default(),
    };
    assert!(pipeline.receive(&Event::Samples(samples)));
    pipeline
}

fn psnr(pipeline: &Pipeline) -> Option<f64> {
    pipeline.output()?.quality.map(|quality| quality.psnr_db)
}

#[wasm_bindgen_test(unsupported = test)]
fn the_better_ready_made_output_stands_beside() {
    let mut pipeline = with_model();
    pipeline.reduce(PipelineAction::ShowModel(ShownModel::ReadyMade));
    pipeline.reduce(answer(10.0, None));
    assert_eq!((pipeline.shown_model(), psnr(&pipeline)), (ShownModel::Yours, Some(10.0)), "there is no other");
    pipeline.reduce(answer(10.0, Some(20.0)));
    assert_eq!(psnr(&pipeline), Some(20.0));
    pipeline.reduce(PipelineAction::ShowModel(ShownModel::Yours));
    assert!(pipeline.is_reference_beside());
    pipeline.reduce(answer(21.0, Some(20.0)));
    assert!(!pipeline.is_reference_beside());
}

#[wasm_bindgen_test(unsupported = test)]
fn where_something_is_hidden_the_better_one_is_the_one_that_fills_it() {
    let mut pipeline = with_model();
    let is_beside = |pipeline: &mut Pipeline, own_hidden, reference_hidden| {
        let mut comparison = comparison(10.0, Some(20.0));
        comparison.hidden_mse = Some(own_hidden);
        comparison.reference.as_mut().expect("a reference").hidden_mse = Some(reference_hidden);
        pipeline.reduce(PipelineAction::ShowDenoised(clean(), Some(comparison.into())));
        pipeline.is_reference_beside()
    };
    assert!(!is_beside(&mut pipeline, 0.1, 0.4), "it leaves the hole");
    assert!(is_beside(&mut pipeline, 0.4, 0.1));
}

#[wasm_bindgen_test(unsupported = test)]
fn an_edited_code_is_shown_until_the_next_answer() {
    let mut pipeline = with_model();
    pipeline.reduce(answer(10.0, None));
    pipeline.reduce(PipelineAction::ShowDecoded(clean()));
    assert_eq!(psnr(&pipeline), Some(10.0), "nothing was edited");
    pipeline.reduce(PipelineAction::EditCode(CodeEdit::Set(1, 7.0)));
    assert_eq!(pipeline.edited_code(), Some(&Floats(vec![1.0, 7.0])));
    pipeline.reduce(PipelineAction::ShowDecoded(clean()));
    assert_eq!(pipeline.output().map(|output| output.quality), Some(None));
    pipeline.reduce(PipelineAction::EditCode(CodeEdit::Reset));
    assert_eq!((psnr(&pipeline), pipeline.edited_code()), (Some(10.0), None));
}

#[wasm_bindgen_test(unsupported = test)]
fn an_earlier_epoch_can_be_looked_at() {
    let mut pipeline = with_model();
    for epoch in 1..=2 {
        pipeline.receive(&Event::EpochDone(EpochRecord { epoch, train_loss: 0.1, validation_loss: None }));
        pipeline.reduce(PipelineAction::Requested);
        pipeline.reduce(answer(10.0 + epoch as f64, None));
    }
    pipeline.reduce(answer(15.0, None));
    assert_eq!(psnr(&pipeline), Some(15.0));
    pipeline.reduce(PipelineAction::ChooseEpoch(0));
    assert_eq!(psnr(&pipeline), Some(11.0));
    pipeline.reduce(PipelineAction::BeginRun(true));
    assert_eq!((psnr(&pipeline), pipeline.epochs.is_empty()), (Some(15.0), false));
    pipeline.reduce(PipelineAction::BeginRun(false));
    assert!(pipeline.epochs.is_empty());
}
