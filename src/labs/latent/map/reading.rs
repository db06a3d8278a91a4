//! The line under the map: how it is to be read, and how not; with the figures of its quality.

use std::rc::Rc;

use pinhole_protocol::latent::{MapQuality, ProjectedMap, VectorSet};
use yew::prelude::*;

use crate::{
    components::format::{fixed, grouped},
    labs::latent::{
        controller::{Controller, on},
        state::{Lab, Method, Shown},
    },
};

/// How the positions of a map are to be read.
fn reading(method: Method, vectors: &VectorSet) -> &'static str {
    match method {
        Method::Raw if vectors.are_coordinates => "The positions are those of the file: nothing was projected.",
        Method::Raw if vectors.width == 1 => "The code has one number, which both axes show.",
        Method::Raw if vectors.width == 2 => {
            "The code has two numbers, so nothing was projected: distances are the network’s own."
        }
        Method::Raw => "Two of the code’s numbers: what lies close here may be far apart in the others.",
        Method::Pca => {
            "PCA keeps the two directions of greatest variance: distances are true as far as these explain it."
        }
        Method::Tsne => {
            "t-SNE keeps neighbours, not distances: gaps between clusters, their sizes and densities mean nothing."
        }
        Method::Umap => {
            "UMAP keeps neighbours and a little of the whole: gaps and sizes of clusters can mislead; compare seeds."
        }
    }
}

/// Figures of a map, in words.
fn quality(map: &ProjectedMap) -> Vec<String> {
    let MapQuality { trustworthiness, continuity, neighbour_accuracy, unexplained_variance } = map.quality;
    let explained = map.pca.as_ref().map(|pca| pca.explained_variance.iter().take(2).sum::<f32>());
    let percent = |share: f32| format!("{} %", fixed(share * 100.0, 1));
    let mut figures = Vec::new();
    if let Some(share) = explained.or(unexplained_variance.map(|share| 1.0 - share)) {
        figures.push(format!("variance explained {}", percent(share)));
    }
    if let Some(value) = trustworthiness {
        figures.push(format!("trustworthiness {}", fixed(value, 3)));
    }
    if let Some(value) = continuity {
        figures.push(format!("continuity {}", fixed(value, 3)));
    }
    if let Some(value) = neighbour_accuracy {
        figures.push(format!("five-neighbour accuracy {}", percent(value)));
    }
    figures
}

/// Sentence about a sample of the vectors; empty if all are shown.
fn sampled(vectors: &VectorSet) -> String {
    if vectors.count < vectors.total {
        format!("{} of {} are laid out, drawn fairly.", grouped(vectors.count), grouped(vectors.total))
    } else {
        String::new()
    }
}

/// Renders the line.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    if lab.shown != Shown::Map {
        let width = lab.vectors.as_ref().map(|vectors| vectors.width);
        let text = if width == Some(2) {
            "The codes after this epoch, on the same axes in every epoch."
        } else {
            "The first two principal components of the codes after this epoch, turned onto those of the epoch before."
        };
        return html! { <p class="hint map-reading">{ text }</p> };
    }
    let Some(vectors) = &lab.vectors else { return Html::default() };
    let map = lab.shown_map();
    let on_seed = on(controller, |controller, _: MouseEvent| {
        let lab = controller.lab();
        let mut settings = lab.settings;
        settings.seed += 1;
        controller.project_with(lab.method, settings);
    });
    html! {
        <div class="map-reading">
            <p class="hint">
                { reading(lab.method, vectors) }{ " " }{ sampled(vectors) }
                if lab.method.is_seeded() && map.is_some() {
                    <button type="button" class="button link" onclick={on_seed}>{ "Another seed" }</button>
                }
            </p>
            if let Some(map) = map {
                <p class="hint figure">
                    { figures_of(map) }
                </p>
            }
            { for vectors.warnings.iter().map(|warning| html! { <p class="warning">{ warning }</p> }) }
        </div>
    }
}

/// Figures, seed and seconds of a map as one line.
fn figures_of(map: &ProjectedMap) -> String {
    let mut figures = quality(map);
    if Method::of(&map.projection).is_seeded() {
        figures.push(format!("seed {}", map.seed));
    }
    if map.is_partial {
        figures.push("stopped before its end".into());
    }
    if map.seconds >= 0.1 {
        figures.push(format!("{} s", fixed(map.seconds, 1)));
    }
    let mut line = figures.join(" · ");
    if let Some(first) = line.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    line
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{
        Floats,
        latent::{PcaSummary, Projection},
    };
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn figures_are_those_that_are_known() {
        let map = ProjectedMap {
            projection: Projection::Pca,
            seed: 1,
            positions: Floats::default(),
            is_partial: false,
            pca: Some(PcaSummary { explained_variance: vec![0.5, 0.25, 0.1], loadings: Floats::default() }),
            quality: MapQuality { neighbour_accuracy: Some(0.434), ..MapQuality::default() },
            seconds: 0.01,
        };
        assert_eq!(figures_of(&map), "Variance explained 75.0 % · five-neighbour accuracy 43.4 %");
        let tsne = ProjectedMap { projection: Projection::TSNE, pca: None, is_partial: true, seconds: 2.0, ..map };
        assert_eq!(figures_of(&tsne), "Five-neighbour accuracy 43.4 % · seed 1 · stopped before its end · 2.0 s");
    }
}
