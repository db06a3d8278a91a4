//! What a map shows.

use std::rc::Rc;

use pinhole_protocol::{
    Floats,
    latent::{DecodedSamples, VectorSet},
};
use yew::prelude::*;

use super::{palette::Colouring, viewport::Extent};

/// A point that is marked by a ring and a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub index: usize,
    pub letter: &'static str,
}

/// Decoded pictures under the points.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureGrid {
    /// `side` rows of `side` pictures, from the top.
    pub samples: Rc<DecodedSamples>,
    pub side: usize,
    /// The part of the plane that they fill.
    pub extent: Extent,
}

/// What a map shows.
#[derive(Clone, Debug)]
pub struct Scene {
    /// [horizontal, vertical] of each point.
    pub positions: Rc<Floats>,
    /// The plane that the positions are in: another one is shown from its whole, and points do not travel to it.
    pub plane: u64,
    pub colouring: Rc<Colouring>,
    /// Points that stand out, ascending; all others are pale.
    pub highlighted: Option<Rc<[usize]>>,
    pub marks: Vec<Mark>,
    /// Point under the pointer, or reached by keys.
    pub hovered: Option<usize>,
    /// Names of the horizontal and the vertical axis; `None` where positions have no meaning of their own.
    pub axes: Option<[AttrValue; 2]>,
    pub has_density: bool,
    /// Vectors whose small pictures are shown in place of some points.
    pub pictures: Option<Rc<VectorSet>>,
    pub grid: Option<PictureGrid>,
    /// Positions along a way.
    pub way: Vec<[f32; 2]>,
}

impl Scene {
    /// A map without points.
    pub fn empty() -> Self {
        Self {
            positions: Rc::default(),
            plane: 0,
            colouring: Rc::new(Colouring::plain(0)),
            highlighted: None,
            marks: Vec::new(),
            hovered: None,
            axes: None,
            has_density: false,
            pictures: None,
            grid: None,
            way: Vec::new(),
        }
    }

    /// Number of points.
    pub fn count(&self) -> usize {
        self.positions.0.len() / 2
    }

    /// Position of a point.
    pub fn position(&self, index: usize) -> Option<[f32; 2]> {
        self.positions.0.as_chunks::<2>().0.get(index).copied()
    }

    /// True if the same pictures lie under the points.
    pub fn has_grid_of(&self, other: &Self) -> bool {
        match (&self.grid, &other.grid) {
            (Some(one), Some(two)) => Rc::ptr_eq(&one.samples, &two.samples),
            (None, None) => true,
            _ => false,
        }
    }

    /// True if the same lies over the points.
    pub fn has_overlay_of(&self, other: &Self) -> bool {
        let pictures = |scene: &Self| scene.pictures.as_ref().map(Rc::as_ptr);
        let same_marks = self.marks == other.marks && self.hovered == other.hovered && self.way == other.way;
        let same_layers = self.has_density == other.has_density && pictures(self) == pictures(other);
        same_marks && same_layers && self.axes == other.axes
    }

    /// True if the points look the same: their colours, and those that stand out.
    pub fn has_looks_of(&self, other: &Self) -> bool {
        let same_highlights = match (&self.highlighted, &other.highlighted) {
            (Some(one), Some(two)) => Rc::ptr_eq(one, two),
            (None, None) => true,
            _ => false,
        };
        Rc::ptr_eq(&self.colouring, &other.colouring) && same_highlights
    }
}
