//! Files of a walk: a strip of its pictures as PNG, and its animation as WebM by the browser's recorder.

use std::{cell::RefCell, rc::Rc};

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Reflect};
use pinhole_protocol::{GridShape, latent::DecodedContent};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobEvent, BlobPropertyBag, HtmlCanvasElement, MediaRecorder};

use crate::{
    components::picture::{self, Tiling},
    files,
    notices::Notices,
};

/// Sentence for a download that the browser refuses.
const REFUSED: &str = "The walk could not be saved: the browser refused the file.";

/// Least side of a picture in a file, in pixels.
const LEAST_SIDE: usize = 112;

/// Time between pictures of the animation.
pub const FRAME_MS: u32 = 60;

/// Pictures of a walk, one after the other.
#[derive(Clone, Debug)]
pub struct Frames {
    shape: GridShape,
    pixels: Vec<u8>,
}

impl Frames {
    /// Pictures of decoded samples; `None` for rows of a table.
    pub fn of(content: &DecodedContent) -> Option<Self> {
        let DecodedContent::Pictures { shape, pixels } = content else { return None };
        (!shape.is_empty() && !pixels.0.is_empty()).then(|| Self { shape: *shape, pixels: pixels.0.clone() })
    }

    /// Number of pictures.
    fn count(&self) -> usize {
        self.pixels.len() / self.shape.len()
    }

    /// Factor by which pictures are enlarged.
    const fn factor(&self) -> usize {
        LEAST_SIDE.div_ceil(if self.shape.width > 0 { self.shape.width } else { 1 })
    }

    /// Paints pictures side by side, enlarged without smoothing.
    fn paint(&self, canvas: &HtmlCanvasElement, indices: &[usize]) -> Option<()> {
        let pixels: Vec<u8> = indices
            .iter()
            .filter_map(|index| self.pixels.chunks_exact(self.shape.len()).nth(*index))
            .flatten()
            .copied()
            .collect();
        let small = picture::canvas_of(&[], self.shape)?;
        picture::show_tiles(&small, &pixels, self.shape, indices.len(), Tiling { columns: indices.len(), gap: 0 });
        let factor = self.factor() as u32;
        let [width, height] = [small.width() * factor, small.height() * factor];
        // Setting the size, even to the same, would end a recording's picture.
        if [canvas.width(), canvas.height()] != [width, height] {
            canvas.set_width(width);
            canvas.set_height(height);
        }
        let context = picture::context(canvas)?;
        context.set_image_smoothing_enabled(false);
        context
            .draw_image_with_html_canvas_element_and_dw_and_dh(&small, 0.0, 0.0, f64::from(width), f64::from(height))
            .ok()
    }

    /// Saves every `stride`th picture as a strip.
    pub fn save_strip(&self, stride: usize, notices: &Notices) {
        let indices: Vec<usize> = (0..self.count()).step_by(stride.max(1)).collect();
        let canvas = picture::canvas_of(&[], self.shape).filter(|canvas| self.paint(canvas, &indices).is_some());
        let notices = notices.clone();
        match canvas {
            Some(canvas) => files::save_canvas("walk.png".into(), &canvas, move || notices.problem(REFUSED)),
            None => notices.problem(REFUSED),
        }
    }

    /// Records the pictures, there and back, and saves the video.
    pub fn save_video(self, notices: Notices) {
        spawn_local(async move {
            if self.record().await.is_none() {
                notices.problem("The walk could not be recorded in this browser. Save it as PNG.");
            }
        });
    }

    async fn record(self) -> Option<()> {
        let canvas = picture::canvas_of(&[], self.shape)?;
        self.paint(&canvas, &[0])?;
        let recorder = MediaRecorder::new_with_media_stream(&canvas.capture_stream().ok()?).ok()?;
        let parts: Rc<RefCell<Array>> = Rc::default();
        let on_data = {
            let parts = parts.clone();
            Closure::<dyn FnMut(BlobEvent)>::new(move |event: BlobEvent| {
                if let Some(part) = event.data() {
                    parts.borrow().push(&part);
                }
            })
        };
        recorder.set_ondataavailable(Some(on_data.as_ref().unchecked_ref()));
        let (sender, stopped) = futures_channel::oneshot::channel::<()>();
        let on_stop = Closure::once_into_js(move || drop(sender));
        recorder.set_onstop(Some(on_stop.unchecked_ref()));
        recorder.start().ok()?;
        let last = self.count() - 1;
        for index in (0..=last).chain((0..last).rev()) {
            self.paint(&canvas, &[index])?;
            TimeoutFuture::new(FRAME_MS).await;
        }
        recorder.stop().ok()?;
        // The sender is dropped, not used: its end is the signal.
        let _ = stopped.await;
        let options = BlobPropertyBag::new();
        options.set_type("video/webm");
        let blob = Blob::new_with_blob_sequence_and_options(&parts.borrow(), &options).ok()?;
        files::save_blob("walk.webm", &blob).ok()
    }
}

/// True if this browser can record a canvas as WebM.
pub fn can_record() -> bool {
    let has = |object: &JsValue, name: &str| Reflect::has(object, &name.into()).unwrap_or(false);
    let global = js_sys::global();
    let prototype = Reflect::get(&global, &"HTMLCanvasElement".into())
        .and_then(|class| Reflect::get(&class, &"prototype".into()))
        .unwrap_or(JsValue::UNDEFINED);
    has(&global, "MediaRecorder")
        && prototype.is_object()
        && has(&prototype, "captureStream")
        && MediaRecorder::is_type_supported("video/webm")
}
