//! Newest answers of the engine to the requests of the lab's views.

use std::rc::Rc;

use pinhole_protocol::latent::{DecodedSamples, DrawnSamples, SampleDetails, Walks};

use crate::components::map::PictureGrid;

/// View that an answer is for. Of each purpose only the newest request counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Description of sample A.
    ChosenA,
    /// Description of sample B.
    ChosenB,
    /// Description of the sample under the pointer.
    Hovered,
    /// Decoded place under the pointer.
    Pointer,
    /// Decoded grid under the points.
    Grid,
    /// Pictures or rows of the selection.
    Selection,
    /// Samples of the nearest codes.
    Nearest,
    /// Samples with the greatest errors.
    Worst,
    /// Walks of every latent number.
    Walks,
    /// Decoded code whose numbers were pushed.
    Pushed,
    /// Steps from A to B.
    Interpolation,
    /// Decoded sum of means.
    Combination,
    /// Walk along the direction between two groups.
    Direction,
    /// Drawn samples.
    Drawn,
}

impl Purpose {
    /// Every purpose, in the order of its number.
    pub const ALL: [Self; 14] = [
        Self::ChosenA,
        Self::ChosenB,
        Self::Hovered,
        Self::Pointer,
        Self::Grid,
        Self::Selection,
        Self::Nearest,
        Self::Worst,
        Self::Walks,
        Self::Pushed,
        Self::Interpolation,
        Self::Combination,
        Self::Direction,
        Self::Drawn,
    ];
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Sample(Rc<SampleDetails>),
    Decoded(Rc<DecodedSamples>),
    Grid(PictureGrid),
    Walks(Rc<Walks>),
    Drawn(Rc<DrawnSamples>),
}

/// Newest answer of each purpose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers([Option<Answer>; Purpose::ALL.len()]);

impl Answers {
    /// Takes an answer in place of the one before, or forgets that.
    pub fn set(&mut self, purpose: Purpose, answer: Option<Answer>) {
        self.0[purpose as usize] = answer;
    }

    /// Description of a sample.
    pub const fn sample(&self, purpose: Purpose) -> Option<&Rc<SampleDetails>> {
        match &self.0[purpose as usize] {
            Some(Answer::Sample(details)) => Some(details),
            _ => None,
        }
    }

    /// Decoded samples.
    pub const fn decoded(&self, purpose: Purpose) -> Option<&Rc<DecodedSamples>> {
        match &self.0[purpose as usize] {
            Some(Answer::Decoded(samples)) => Some(samples),
            _ => None,
        }
    }

    /// Decoded pictures under the points.
    pub const fn grid(&self) -> Option<&PictureGrid> {
        match &self.0[Purpose::Grid as usize] {
            Some(Answer::Grid(grid)) => Some(grid),
            _ => None,
        }
    }

    /// Walks of every latent number.
    pub const fn walks(&self) -> Option<&Rc<Walks>> {
        match &self.0[Purpose::Walks as usize] {
            Some(Answer::Walks(walks)) => Some(walks),
            _ => None,
        }
    }

    /// Drawn samples.
    pub const fn drawn(&self) -> Option<&Rc<DrawnSamples>> {
        match &self.0[Purpose::Drawn as usize] {
            Some(Answer::Drawn(drawn)) => Some(drawn),
            _ => None,
        }
    }
}
