//! Files: coordinates, the map as a picture, and coordinates made elsewhere.

use std::rc::Rc;

use pinhole_protocol::latent::LatentCommand;
use yew::prelude::*;

use crate::{
    components::file_button::file_button,
    labs::latent::{
        controller::{Controller, on},
        state::{JobKind, Lab},
    },
};

/// Kinds of files with coordinates or vectors.
const COORDINATES: &str = ".csv,.tsv,.npy,text/csv";

/// Names of the map's files.
const PNG_NAME: &str = "latent-map.png";
const SVG_NAME: &str = "latent-map.svg";

/// Renders the buttons.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let has_map = lab.map.is_some() && lab.job.is_none();
    let has_points = lab.shown_positions().is_some();
    let on_download = on(controller, |controller, _: MouseEvent| {
        controller.start(JobKind::Exporting, LatentCommand::ExportCoordinates { indices: None });
    });
    let on_png =
        on(controller, |controller, _: MouseEvent| controller.map.save_png(PNG_NAME, &controller.services.notices));
    let on_svg =
        on(controller, |controller, _: MouseEvent| controller.map.save_svg(SVG_NAME, &controller.services.notices));
    let is_busy = lab.job.is_some();
    html! {
        <section class="map-export" aria-labelledby="export-title">
            <h2 id="export-title">{ "Export" }</h2>
            <button type="button" class="button" disabled={!has_map} onclick={on_download}>{ "Download coordinates" }</button>
            <div class="row">
                <button type="button" class="button link" disabled={!has_points} onclick={on_png}>{ "Save map as PNG" }</button>
                <button type="button" class="button link" disabled={!has_points} onclick={on_svg}>{ "Save map as SVG" }</button>
            </div>
            { file_button("Open coordinates", COORDINATES, false, is_busy, on(controller, Controller::open_file)) }
        </section>
    }
}
