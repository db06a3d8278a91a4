//! Strip of pictures: the digit in sight after each epoch of a run, one of which can be chosen to be looked at again.

use std::rc::Rc;

use pinhole_protocol::{DenoisedPicture, Picture, Quality};
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::components::{
    format::fixed,
    picture::{self, Tiling},
};

/// Most pictures of a strip; a longer run keeps every second one, then every fourth.
const MAX_PICTURES: usize = 48;

/// Output for the digit in sight after an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochPicture {
    pub epoch: usize,
    pub picture: Rc<Picture>,
    /// Quality of the picture, compared with the clean one.
    pub quality: Quality,
}

/// Pictures of a run's epochs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EpochStrip {
    pictures: Vec<EpochPicture>,
    /// Index of the chosen picture; `None` while the newest output is shown.
    chosen: Option<usize>,
    /// Epoch after which a picture is to be requested.
    due: Option<usize>,
    /// Epoch of the picture that was requested.
    requested: Option<usize>,
}

impl EpochStrip {
    /// Notes that an epoch is done.
    pub const fn finish_epoch(&mut self, epoch: usize) {
        self.due = Some(epoch);
    }

    /// True if an epoch is done whose picture was not requested.
    pub const fn is_due(&self) -> bool {
        self.due.is_some()
    }

    /// Notes that a picture is requested from the engine now.
    pub const fn request(&mut self) {
        self.requested = self.due.take();
    }

    /// Takes the engine's answer to the newest request.
    pub fn take(&mut self, comparison: &DenoisedPicture) {
        let Some(epoch) = self.requested.take() else { return };
        self.pictures.retain(|known| known.epoch < epoch);
        let picture = Picture { shape: comparison.shape, values: comparison.denoised.clone() };
        self.pictures.push(EpochPicture { epoch, picture: picture.into(), quality: comparison.denoised_quality });
        if self.pictures.len() > MAX_PICTURES {
            let count = self.pictures.len();
            let mut index = 0;
            self.pictures.retain(|_| {
                index += 1;
                index % 2 == 1 || index == count
            });
            self.chosen = self.chosen.map(|chosen| chosen / 2);
        }
    }

    /// Chooses a picture by index; the last one stands for the newest output.
    pub fn choose(&mut self, index: usize) {
        self.chosen = Some(index).filter(|index| index + 1 < self.pictures.len());
    }

    /// True before the first epoch is done.
    #[cfg(test)]
    pub const fn is_empty(&self) -> bool {
        self.pictures.is_empty()
    }

    /// Shows the newest output.
    pub const fn release(&mut self) {
        self.chosen = None;
    }

    /// The chosen picture.
    pub fn chosen(&self) -> Option<&EpochPicture> {
        self.pictures.get(self.chosen?)
    }

    /// Paints the pictures, and gives canvas and slider the width that they need.
    pub fn paint(&self, canvas: &NodeRef) {
        let (Some(canvas), Some(first)) = (canvas.cast::<HtmlCanvasElement>(), self.pictures.first()) else { return };
        let shape = first.picture.shape;
        let of_shape = |picture: &&EpochPicture| picture.picture.shape == shape;
        let bytes: Vec<u8> = self
            .pictures
            .iter()
            .filter(of_shape)
            .flat_map(|picture| {
                picture.picture.values.0.iter().map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8)
            })
            .collect();
        let count = bytes.len() / shape.len().max(1);
        picture::show_tiles(&canvas, &bytes, shape, count, Tiling { columns: count, gap: 0 });
        if let Some(frame) = canvas.parent_element() {
            let frame: &HtmlElement = frame.unchecked_ref();
            // Set through the object model: the page's policy refuses style attributes.
            let set = frame.style().set_property("--pictures", &count.to_string());
            debug_assert!(set.is_ok(), "a number is a valid value");
        }
    }

    /// Renders the strip; nothing before the first epoch is done. `on_choose` receives the index of a picture.
    pub fn view(&self, canvas: &NodeRef, on_choose: &Callback<usize>) -> Html {
        let Some(last) = self.pictures.last() else { return Html::default() };
        let shown = self.chosen().unwrap_or(last);
        let index = self.chosen.unwrap_or(self.pictures.len() - 1);
        let oninput = on_choose.reform(|event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            input.value_as_number() as usize
        });
        let about = format!("Epoch {}: {} dB", shown.epoch, fixed(shown.quality.psnr_db, 1));
        html! {
            <div class="epoch-strip">
                <span class="picture-frame strip">
                    <canvas ref={canvas.clone()} role="img" aria-label="The output after each epoch"></canvas>
                    <input type="range" aria-label="Epoch" aria-valuetext={about.clone()} min="0" max={(self.pictures.len() - 1).to_string()}
                        step="1" value={index.to_string()} {oninput} />
                </span>
                <span class="hint">{ if self.chosen.is_some() { about } else { format!("after each epoch, now {}: drag to look back", last.epoch) } }</span>
            </div>
        }
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Floats, GridShape, LatentCode};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn comparison(value: f32) -> DenoisedPicture {
        let quality = Quality { mse: 0.1, psnr_db: 10.0, ssim: 0.5 };
        let shape = GridShape { channels: 1, height: 1, width: 2 };
        let code =
            LatentCode { shape, values: Floats(Vec::new()), deviations: Floats(Vec::new()), indices: Vec::new() };
        DenoisedPicture {
            shape,
            noisy: Floats(Vec::new()),
            code,
            denoised: Floats(vec![value; 2]),
            noisy_quality: quality,
            denoised_quality: quality,
            hidden_mse: None,
            class_probabilities: Floats(Vec::new()),
            reference: None,
        }
    }

    fn strip(epochs: usize) -> EpochStrip {
        let mut strip = EpochStrip::default();
        for epoch in 1..=epochs {
            strip.finish_epoch(epoch);
            strip.request();
            strip.take(&comparison(epoch as f32));
        }
        strip
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn each_epoch_has_one_picture() {
        let mut strip = strip(3);
        strip.take(&comparison(9.0));
        assert_eq!(strip.pictures.len(), 3, "it was not requested after an epoch");
        strip.choose(0);
        assert_eq!(strip.chosen().map(|picture| picture.epoch), Some(1));
        strip.choose(2);
        assert_eq!(strip.chosen(), None, "the last one is the newest output");
        strip.finish_epoch(2);
        strip.request();
        strip.take(&comparison(7.0));
        assert_eq!(strip.pictures.iter().map(|picture| picture.epoch).collect::<Vec<_>>(), [1, 2], "a resumed run");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_long_run_is_thinned() {
        let strip = strip(500);
        assert!(strip.pictures.len() <= MAX_PICTURES, "{}", strip.pictures.len());
        assert_eq!(strip.pictures.last().map(|picture| picture.epoch), Some(500));
        assert!(strip.pictures.is_sorted_by_key(|picture| picture.epoch));
    }
}
