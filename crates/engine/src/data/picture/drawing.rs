//! Drawings: ink on a ground, made as a network knows it, bright on black.

use pinhole_protocol::PictureChange;

use super::{
    colour::{ink_planes, is_coloured_ink},
    components::bounding_box,
    frame::find_page,
    ground::Model,
    ink::Ink,
    levels::Levels,
    raster::{Raster, Region},
    samples::Samples,
    statistics::{median, quantile},
};
use crate::data::{limits::PICTURE_SIDES, resample::Size};

/// Longest side on which ink is looked for, in pixels: a pen's line on a sheet of paper is still a pixel wide.
pub(super) const WORKING_SIDE: usize = 512;

/// Quality of ink on a flat ground from which no other model of the ground is tried: fifteen times its spread.
const GOOD_QUALITY: f32 = 15.0;

/// Least quality of ink on an uneven ground in a picture of a sample's size: of photographs that small, more look drawn.
const GOOD_SAMPLE_QUALITY: f32 = 10.0;

/// Parts of a quality by which a model of more freedom counts.
const SURFACE_WEIGHT: f32 = 0.8;
const ENVELOPE_WEIGHT: f32 = 0.4;

/// The same under an envelope.
const GOOD_SAMPLE_ENVELOPE_QUALITY: f32 = 25.0;

/// Largest share of the outermost pixels of a page in a frame that are ink: a thing on black is no page.
const MAX_PAGE_BORDER_SHARE: f32 = 0.05;

/// Largest luma that no lit ground has, and the share of a picture's outermost pixels from which on its ground is black:
/// something cut out, with neither shadows nor uneven light.
const CUT_OUT_BLACK: f32 = 2.0;
const MIN_BLACK_BORDER_SHARE: f32 = 0.3;

/// Least share of a picture that a page in a frame covers.
const MIN_PAGE_SHARE: f32 = 0.35;

/// Ground and ink, in levels, of a bright drawing on black that is left as it is: MNIST's.
const MAX_BLACK: f32 = 26.0;
const MIN_BRIGHT_INK: f32 = 128.0;

/// Least brightness of blank paper, in levels, and the largest difference of its darkest pixel from its median.
const MIN_PAPER: f32 = 200.0;
const MAX_PAPER_DIFFERENCE: f32 = 25.0;

/// Longer side of a drawing in parts of its picture's below which it is cropped: MNIST's digits have 20/28.
const MIN_DRAWING_SHARE: f32 = 0.5;

/// Distance of a drawing's middle from its picture's, in parts of the picture's longer side, from which it is cropped,
/// unless the drawing is larger than the share: MNIST's digits are moved by at most a seventh.
const MAX_OFFSET: f32 = 0.2;
const MAX_OFF_CENTRE_SHARE: f32 = 0.8;

/// Longest side of pictures that are prepared samples and never cropped, in pixels: bright on black they may be any
/// network's, dark on light only those of digits.
const MAX_SAMPLE_SIDE: usize = *PICTURE_SIDES.end();
const MAX_DARK_SAMPLE_SIDE: usize = 32;

/// Room around a drawing when it is read again from the file, in parts of its longer side.
const ROOM: f32 = 0.5;

/// Pixels of a stroke's soft edge.
const SOFT_EDGE: usize = 1;

/// Side of MNIST's pictures and of the box that its digits fill, in pixels.
const MNIST_SIDE: usize = 28;
const MNIST_BOX: usize = 20;

/// A drawing as a network knows it.
#[derive(Debug)]
pub(super) struct Drawing {
    pub(super) raster: Raster,
    /// True if its ink has several colours.
    pub(super) is_coloured: bool,
    /// Changes, in the order in which they were made; none if it was bright on black before.
    pub(super) changes: Vec<PictureChange>,
}

/// A decoded picture and the part of it that is looked at.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) samples: Samples<'a>,
    pub(super) size: Size,
    pub(super) levels: Levels,
    /// Value that transparent parts show.
    pub(super) background: f32,
}

/// The drawing in a picture; `None` if it is a photograph or another picture that is none. `raster` is the whole
/// picture.
pub(super) fn find(source: Source<'_>, raster: &Raster) -> Option<Drawing> {
    let mut changes = Vec::new();
    let luma = raster.luma();
    let framed = find_page(&luma, raster.size).and_then(|page| Some((page, Some(page_ink(&luma, raster.size, page)?))));
    let (page, ink) = match framed {
        Some(found) => {
            changes.push(PictureChange::FrameCropped);
            found
        }
        None => (Region::whole(raster.size), find_ink(&luma, raster.size)),
    };
    let cropped = raster.crop(page);
    let luma = cropped.luma();
    let Some(ink) = ink else {
        return is_blank_paper(&luma).then(|| {
            let black = std::array::from_fn(|_| vec![0.0; luma.len()]);
            Drawing {
                raster: Raster { size: cropped.size, planes: black },
                is_coloured: false,
                changes: vec![PictureChange::Inverted],
            }
        });
    };
    let drawn = Drawn { raster: cropped, luma, ink };
    drawn.tell(&mut changes);
    let mask: Vec<bool> = drawn.ink.mask().collect();
    let region = bounding_box(&mask, page.size)?;
    if !drawn.is_misplaced(region, source.size) {
        let planes = drawn.planes();
        return Some(Drawing {
            is_coloured: is_coloured_ink(&planes),
            raster: Raster { size: page.size, planes },
            changes,
        });
    }
    changes.push(PictureChange::Centred);
    let room = (ROOM * region.size.width.max(region.size.height) as f32).ceil() as usize + 2;
    let around = region.grown(room, page.size);
    let (drawn, around) = drawn.enlarged(source, around.within(page), raster.size).map_or((drawn, around), |large| {
        let whole = Region::whole(large.raster.size);
        (large, whole)
    });
    let raster = drawn.centred(around)?;
    Some(Drawing { is_coloured: is_coloured_ink(&raster.planes), raster, changes })
}

/// The ink of a page inside a frame; `None` if the page is too small, or what is inside is no dark ink on light paper.
fn page_ink(luma: &[f32], size: Size, page: Region) -> Option<Ink> {
    let area = |size: Size| (size.width * size.height) as f32;
    if area(page.size) < MIN_PAGE_SHARE * area(size) {
        return None;
    }
    let ink = find_ink(&page.crop(luma, size.width), page.size)?;
    Some(ink).filter(|ink| ink.is_dark && ink.border_share() <= MAX_PAGE_BORDER_SHARE)
}

/// The ink of a picture, under the simplest model of its ground that explains it well.
fn find_ink(luma: &[f32], size: Size) -> Option<Ink> {
    let best = |model: Model| {
        let mut inks = [true, false].into_iter().filter_map(move |is_dark| Ink::find(luma, size, model, is_dark));
        let (first, second) = (inks.next()?, inks.next());
        Some(match second {
            // Under an envelope the inside of a dark ring may be bright ink on a ground that is dark there.
            Some(second) if model == Model::Envelope && first.ground_slope <= second.ground_slope => first,
            Some(second) if second.quality() > first.quality() || model == Model::Envelope => second,
            _ => first,
        })
    };
    let flat = best(Model::Flat);
    if flat.as_ref().is_some_and(|ink| ink.quality() >= GOOD_QUALITY) {
        return flat;
    }
    if black_border_share(luma, size) >= MIN_BLACK_BORDER_SHARE {
        return flat;
    }
    if size.width.max(size.height) <= MAX_SAMPLE_SIDE {
        let surface = || best(Model::Surface).filter(|ink| ink.quality() >= GOOD_SAMPLE_QUALITY);
        let is_good_envelope = |ink: &Ink| ink.is_dark && ink.quality() >= GOOD_SAMPLE_ENVELOPE_QUALITY;
        return flat.or_else(surface).or_else(|| best(Model::Envelope).filter(is_good_envelope));
    }
    let weighted = [(flat, 1.0), (best(Model::Surface), SURFACE_WEIGHT), (best(Model::Envelope), ENVELOPE_WEIGHT)];
    let inks = weighted.into_iter().filter_map(|(ink, weight)| ink.map(|ink| (weight * ink.quality(), ink)));
    inks.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, ink)| ink)
}

/// Share of the outermost pixels that are black.
fn black_border_share(luma: &[f32], size: Size) -> f32 {
    let (black, border) = size
        .border()
        .fold((0, 0), |(black, border), index| (black + usize::from(luma[index] <= CUT_OUT_BLACK), border + 1));
    black as f32 / border as f32
}

fn is_blank_paper(luma: &[f32]) -> bool {
    let paper = median(luma);
    paper >= MIN_PAPER && luma.iter().all(|value| (value - paper).abs() <= MAX_PAPER_DIFFERENCE)
}

/// A picture, its luma and the ink found in it.
struct Drawn {
    raster: Raster,
    luma: Vec<f32>,
    ink: Ink,
}

impl Drawn {
    /// True for bright ink on a black ground, as a network knows it; it may be dim if no camera took it.
    fn is_ready(&self) -> bool {
        let bright =
            quantile(self.luma.iter().zip(self.ink.mask()).filter(|(_, ink)| *ink).map(|(luma, _)| *luma), 0.75);
        let Size { width, height } = self.raster.size;
        let is_made = self.ink.is_clean() || width.max(height) <= MAX_SAMPLE_SIDE;
        !self.ink.is_dark
            && self.ink.model == Model::Flat
            && median(&self.luma) <= MAX_BLACK
            && (bright >= MIN_BRIGHT_INK || is_made)
    }

    /// Adds what is changed about its levels.
    fn tell(&self, changes: &mut Vec<PictureChange>) {
        if self.is_ready() {
            return;
        }
        if self.ink.model != Model::Flat {
            changes.push(PictureChange::Evened);
        }
        if self.ink.is_dark {
            changes.push(PictureChange::Inverted);
        }
        if self.ink.is_faint() || !self.ink.is_dark {
            changes.push(PictureChange::Stretched);
        }
    }

    /// True if a drawing is so small or so far from the middle that a network would not know it.
    fn is_misplaced(&self, drawing: Region, source: Size) -> bool {
        let most = if self.ink.is_dark { MAX_DARK_SAMPLE_SIDE } else { MAX_SAMPLE_SIDE };
        if source.width.max(source.height) <= most {
            return false;
        }
        let Size { width, height } = self.raster.size;
        let longer = width.max(height) as f32;
        let share = drawing.size.width.max(drawing.size.height) as f32 / longer;
        let offset = |start: usize, length: usize, side: usize| {
            (start as f32 + (length as f32 - side as f32) / 2.0).abs() / longer
        };
        let off_centre =
            offset(drawing.left, drawing.size.width, width).max(offset(drawing.top, drawing.size.height, height));
        share < MIN_DRAWING_SHARE || (share < MAX_OFF_CENTRE_SHARE && off_centre > MAX_OFFSET)
    }

    /// The part `region` of the working picture, of size `working`, read again from the file in more detail; `None` if
    /// the file has no more, or if the ink is not found again.
    fn enlarged(&self, source: Source<'_>, region: Region, working: Size) -> Option<Self> {
        if working == source.size {
            return None;
        }
        let region = region.scaled(working, source.size);
        let (raster, _) = Raster::of(&source.samples, region, source.levels, WORKING_SIDE, Some(source.background));
        let luma = raster.luma();
        let ink = find_ink(&luma, raster.size).filter(|ink| ink.is_dark == self.ink.is_dark)?;
        Some(Self { raster, luma, ink })
    }

    /// Red, green and blue of the ink, bright on black.
    fn planes(&self) -> [Vec<f32>; 3] {
        if self.is_ready() { self.raster.planes.clone() } else { ink_planes(&self.raster, &self.luma, &self.ink) }
    }

    /// The ink inside `around` in the middle of a square, as large in it as MNIST's digits are in theirs.
    fn centred(&self, around: Region) -> Option<Raster> {
        let width = self.raster.size.width;
        let mask = around.crop(&self.ink.mask().collect::<Vec<_>>(), width);
        // Dust in the room around a drawing does not belong to it, the soft edge of its strokes does.
        let inked = bounding_box(&mask, around.size)?;
        let drawing = inked.grown(SOFT_EDGE, around.size);
        let Size { width: drawn_width, height: drawn_height } = drawing.size;
        let longer = inked.size.width.max(inked.size.height);
        let side = (longer * MNIST_SIDE).div_ceil(MNIST_BOX).max(longer + 2 * SOFT_EDGE);
        let (left, top) = ((side - drawn_width) / 2, (side - drawn_height) / 2);
        let planes = self.planes().map(|plane| {
            let ink = drawing.within(around).crop(&plane, width);
            let mut square = vec![0.0; side * side];
            for (target, row) in square.chunks_exact_mut(side).skip(top).zip(ink.chunks_exact(drawn_width)) {
                target[left..left + drawn_width].copy_from_slice(row);
            }
            square
        });
        let raster = Raster { size: Size::square(side), planes };
        Some(if side < MNIST_SIDE { raster.resized(Size::square(MNIST_SIDE)) } else { raster })
    }
}
