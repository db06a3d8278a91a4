//! The lab's state as a scene of the map.

use std::rc::Rc;

use pinhole_protocol::latent::{ProjectedMap, Projection, SampleColumn, SampleValues};
use yew::prelude::*;

use crate::{
    components::{
        format::fixed,
        map::{Mark, Scene, palette::Colouring},
    },
    labs::latent::state::{Epoch, Lab, Method, Purpose, Shown},
};

/// Plane of the codes of two numbers themselves, and of a run's epochs; others follow it.
const PLANE_OF_CODES: u64 = 1;

/// Colours of the points as they are shown, kept while they are the same.
#[hook]
pub fn use_colouring(lab: &Lab) -> Rc<Colouring> {
    let known = use_mut_ref(|| None::<(ColouringKey, Rc<Colouring>)>);
    let key = ColouringKey::of(lab);
    let mut known = known.borrow_mut();
    match &*known {
        Some((before, colouring)) if *before == key => colouring.clone(),
        _ => {
            let colouring = Rc::new(colouring(lab));
            *known = Some((key, colouring.clone()));
            colouring
        }
    }
}

/// What the colours follow from.
#[derive(PartialEq)]
struct ColouringKey {
    column: Option<String>,
    columns_revision: u32,
    /// Address of the labels of the shown epoch, which the history keeps.
    labels: Option<usize>,
    count: usize,
}

impl ColouringKey {
    fn of(lab: &Lab) -> Self {
        let count = lab.shown_positions().map_or(0, |positions| positions.0.len() / 2);
        Self {
            column: lab.colour_column().map(|column| column.name.clone()),
            columns_revision: lab.columns_revision,
            labels: shown_epoch(lab).map(|epoch| Rc::as_ptr(&epoch.labels).addr()),
            count,
        }
    }
}

fn shown_epoch(lab: &Lab) -> Option<&Epoch> {
    match lab.shown {
        Shown::Epoch(index) => lab.history.get(index),
        Shown::Map => None,
    }
}

fn colouring(lab: &Lab) -> Colouring {
    match (shown_epoch(lab), lab.colour_column()) {
        (Some(epoch), _) => {
            let classes = epoch.labels.0.iter().filter(|label| **label < u8::MAX).max();
            let names = class_names(lab, classes.map_or(0, |most| usize::from(*most) + 1));
            Colouring::of_categories(&names, &epoch.labels.0)
        }
        (None, Some(column)) => Colouring::of(column),
        (None, None) => Colouring::plain(lab.count()),
    }
}

/// Names of classes: those of the vectors' label, or else their numbers.
fn class_names(lab: &Lab, count: usize) -> Vec<String> {
    let label = lab.columns().find_map(|SampleColumn { values, .. }| match values {
        SampleValues::Categories { names, .. } if names.len() == count => Some(names.clone()),
        _ => None,
    });
    label.unwrap_or_else(|| (0..count).map(|class| class.to_string()).collect())
}

/// The scene of the lab; `way` are the positions of a walk on it.
pub fn scene_of(lab: &Lab, colouring: Rc<Colouring>) -> Scene {
    let is_map = lab.shown == Shown::Map;
    let marks = [(lab.chosen.a, "A"), (lab.chosen.b, "B")];
    let marks = marks.into_iter().filter(|_| is_map).filter_map(|(index, letter)| Some(Mark { index: index?, letter }));
    let highlighted = lab.found.as_ref().map(|found| found.indices.clone()).filter(|_| is_map);
    let selected = lab.selection.as_ref().filter(|_| is_map && highlighted.is_none());
    Scene {
        positions: lab.shown_positions().unwrap_or_default(),
        plane: if lab.shows_plane() || !is_map { PLANE_OF_CODES } else { PLANE_OF_CODES + 1 + lab.method as u64 },
        colouring,
        highlighted: highlighted.or_else(|| selected.map(|selection| selection.indices.clone())),
        marks: marks.collect(),
        hovered: lab.hover.and_then(|hover| hover.index),
        axes: axes(lab),
        has_density: lab.view.has_density,
        pictures: lab.vectors.clone().filter(|_| lab.view.has_pictures && is_map),
        grid: lab.answers.grid().filter(|_| lab.view.has_decoded_grid && lab.shows_plane()).cloned(),
        way: way(lab),
    }
}

/// Positions on the way from A to B, where the map is the plane of the codes.
fn way(lab: &Lab) -> Vec<[f32; 2]> {
    let (Some(_), Some(_), true, Shown::Map) = (lab.chosen.a, lab.chosen.b, lab.shows_plane(), lab.shown) else {
        return Vec::new();
    };
    let codes = lab.answers.decoded(Purpose::Interpolation).map(|samples| &samples.codes.0);
    let axes = lab.settings.pair;
    let points = codes.into_iter().flat_map(|codes| codes.as_chunks::<2>().0.iter());
    points.map(|code| axes.map(|axis| code[axis.min(1)])).collect()
}

/// Names of the axes, where positions mean something.
fn axes(lab: &Lab) -> Option<[AttrValue; 2]> {
    let vectors = lab.vectors.as_ref();
    if lab.shown != Shown::Map {
        let name = if vectors.is_some_and(|vectors| vectors.width == 2) { "Latent" } else { "Component" };
        return Some([1, 2].map(|number| format!("{name} {number}").into()));
    }
    if vectors?.are_coordinates {
        return Some(["x".into(), "y".into()]);
    }
    match lab.method {
        Method::Raw => Some(lab.settings.pair.map(|number| format!("Latent {}", number + 1).into())),
        Method::Pca => Some([0, 1].map(|component| component_name(lab.map.as_deref(), component).into())),
        Method::Tsne | Method::Umap => None,
    }
}

/// Name of a principal component, with the share of the variance that it explains once it is known.
fn component_name(map: Option<&ProjectedMap>, component: usize) -> String {
    let pca = map.filter(|map| map.projection == Projection::Pca).and_then(|map| map.pca.as_ref());
    let name = format!("Component {}", component + 1);
    match pca.and_then(|pca| pca.explained_variance.get(component)) {
        Some(share) => format!("{name}, {} %", fixed(share * 100.0, 0)),
        None => name,
    }
}
