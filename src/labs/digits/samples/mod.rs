//! Samples: held-out ones with their reconstructions, and pictures from codes that belong to no input.

use std::rc::Rc;

use pinhole_protocol::{CodeOrigin, GeneratedPictures, SampleGrid};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::{
    controller::{Controller, on},
    state::Lab,
};
use crate::components::{
    picture::{self, Tiling},
    sample_grid::{self, SampleCanvases, SampleLook},
};

#[derive(Properties)]
pub struct SamplesProps {
    pub controller: Rc<Controller>,
    pub lab: Rc<Lab>,
    /// True while the samples are in sight.
    pub is_shown: bool,
}

impl PartialEq for SamplesProps {
    fn eq(&self, other: &Self) -> bool {
        let (one, two) = (&self.lab.report, &other.lab.report);
        one.samples == two.samples
            && one.generated == two.generated
            && self.is_shown == other.is_shown
            && origin(&self.lab) == origin(&other.lab)
    }
}

/// Renders the samples.
#[component]
pub fn SamplesView(props: &SamplesProps) -> Html {
    let strips = use_memo((), |()| SampleCanvases::default());
    let generated_canvas = use_node_ref();
    let (samples, generated) = (props.lab.report.samples.clone(), props.lab.report.generated.clone());
    {
        let (strips, samples) = (strips.clone(), samples.clone());
        let (canvas, generated) = (generated_canvas.clone(), generated.clone());
        use_effect(move || {
            if let Some(grid) = &samples {
                sample_grid::paint(&strips, grid);
            }
            if let (Some(pictures), Some(canvas)) = (&generated, canvas.cast::<HtmlCanvasElement>()) {
                paint(&canvas, pictures);
            }
        });
    }
    let again = on(&props.controller, |controller, _: MouseEvent| controller.redraw_generated());
    html! {
        <section class="samples" aria-label="Samples">
            { held_out(&strips, samples.as_deref()) }
            if let Some(origin) = origin(&props.lab) {
                <div class="generated">
                    <h3>{ title(origin) }</h3>
                    <p class="hint">{ sentence(origin) }</p>
                    if generated.is_some() {
                        <span class="picture-frame strip">
                            <canvas ref={generated_canvas} role="img" aria-label={title(origin)}></canvas>
                        </span>
                    }
                    if origin == CodeOrigin::Prior {
                        <button type="button" class="button" onclick={again}>{ "New samples" }</button>
                    }
                </div>
            }
        </section>
    }
}

fn held_out(strips: &SampleCanvases, samples: Option<&SampleGrid>) -> Html {
    match samples {
        Some(grid) => sample_grid::view(strips, SampleLook::of(grid)),
        None => {
            html! { <p class="hint">{ "Held-out samples and their reconstructions appear here during training." }</p> }
        }
    }
}

/// Origin of generated pictures of the active model; `None` if it makes none.
fn origin(lab: &Lab) -> Option<CodeOrigin> {
    lab.active_plan().and_then(CodeOrigin::of).filter(|_| lab.can_denoise())
}

const fn title(origin: CodeOrigin) -> &'static str {
    match origin {
        CodeOrigin::Prior => "Samples from the prior",
        CodeOrigin::Plane => "The plane of the code",
    }
}

const fn sentence(origin: CodeOrigin) -> &'static str {
    match origin {
        CodeOrigin::Prior => {
            "Codes drawn at random from the prior, decoded: digits that nobody wrote, if codes and prior agree."
        }
        CodeOrigin::Plane => {
            "Each picture is decoded from its place: the first number of the code grows to the right, the second upwards."
        }
    }
}

fn paint(canvas: &HtmlCanvasElement, pictures: &GeneratedPictures) {
    let tiling = Tiling { columns: pictures.columns, gap: 0 };
    picture::show_tiles(canvas, &pictures.pixels.0, pictures.shape, pictures.count, tiling);
}
