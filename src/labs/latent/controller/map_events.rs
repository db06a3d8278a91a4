//! What a person does on the map, and what follows from it: samples are described, places decoded, epochs replayed.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use gloo_timers::callback::{Interval, Timeout};
use pinhole_protocol::{
    Floats,
    latent::{CodePoint, LatentCommand},
};
use yew::prelude::*;

use super::Controller;
use crate::{
    components::{
        map::{Extent, MapEvent},
        selection::Selection,
    },
    labs::latent::state::{Chosen, Hover, Lab, LabAction, PointerMode, Purpose, Shown},
};

/// Pictures along each side of the grid under the points.
const GRID_SIDE: usize = 14;

/// Time after the last change of what is shown until the grid is decoded, in milliseconds.
const GRID_DELAY_MS: u32 = 250;

/// Time between two epochs of a replay, in milliseconds: points travel for most of it.
const REPLAY_MS: u32 = 320;

/// Timers of the grid and of the replay.
#[derive(Default)]
pub struct MapTimers {
    grid: RefCell<Option<Timeout>>,
    replay: RefCell<Option<Interval>>,
}

/// Callback that takes what a person does on the map.
pub fn callback(controller: Weak<Controller>) -> Callback<MapEvent> {
    Callback::from(move |event| {
        if let Some(controller) = controller.upgrade() {
            controller.on_map_event(event);
        }
    })
}

impl Controller {
    fn on_map_event(&self, event: MapEvent) {
        let lab = self.lab();
        match event {
            MapEvent::Hover(place) => {
                let hover = place.map(|(index, at)| Hover { index, at });
                if hover != lab.hover {
                    self.dispatch(LabAction::Hover(hover));
                }
            }
            MapEvent::Choose { index, is_second } if lab.shown == Shown::Map && lab.vectors.is_some() => {
                let chosen = if is_second {
                    Chosen { b: Some(index), ..lab.chosen }
                } else {
                    Chosen { a: Some(index), ..lab.chosen }
                };
                self.choose(chosen);
            }
            MapEvent::Select(indices) if lab.shown == Shown::Map && lab.vectors.is_some() => {
                let name = if lab.view.mode == PointerMode::Lasso { "Lasso" } else { "Box" };
                self.select(Some(Selection::new(lab.selection_origin(), indices, name)));
            }
            MapEvent::Choose { .. } | MapEvent::Select(_) => {}
            MapEvent::Clear => {
                self.dispatch(LabAction::Hover(None));
                self.dispatch(LabAction::Find(None));
                self.choose(Chosen::default());
                self.select(None);
            }
            MapEvent::View => self.schedule_grid(),
        }
    }

    /// Sends the requests that follow from a change of what is on the map.
    pub(super) fn follow_map(&self, before: &Lab, after: &Lab) {
        if before.hover != after.hover {
            self.look_at(after);
        }
        let has_grid = |lab: &Lab| lab.view.has_decoded_grid && lab.can_decode_positions() && lab.shows_plane();
        let map = |lab: &Lab| lab.map.as_ref().map(Rc::as_ptr);
        let is_another = map(before) != map(after) || !has_grid(before);
        if has_grid(after) && is_another {
            self.schedule_grid();
        }
        if after.is_training && !before.is_training {
            self.stop_replay();
        }
    }

    /// Describes the sample under the pointer, or decodes the place between samples.
    fn look_at(&self, lab: &Lab) {
        let Some(Hover { index, at }) = lab.hover else { return };
        match index {
            Some(index) if lab.shown == Shown::Map && lab.vectors.is_some() => {
                self.ask(Purpose::Hovered, LatentCommand::Describe { request: 0, index });
            }
            None if lab.can_decode_positions() => {
                self.ask(Purpose::Pointer, LatentCommand::Decode { request: 0, at: CodePoint::Map(at) });
            }
            // An epoch's map is not the engine's, but the plane of the codes is.
            None if lab.shown != Shown::Map && lab.shows_plane() && lab.decoding_obstacle().is_none() => {
                let at = CodePoint::Code(Floats(at.to_vec()));
                self.ask(Purpose::Pointer, LatentCommand::Decode { request: 0, at });
            }
            _ => {}
        }
    }

    /// Decodes the grid under the points soon, for what is shown then.
    fn schedule_grid(&self) {
        let this = self.this.clone();
        let timer = Timeout::new(GRID_DELAY_MS, move || {
            if let Some(controller) = this.upgrade() {
                controller.request_grid();
            }
        });
        self.timers.grid.replace(Some(timer));
    }

    fn request_grid(&self) {
        let lab = self.lab();
        let is_wanted = lab.view.has_decoded_grid && lab.can_decode_positions() && lab.shows_plane();
        let visible = self.map.visible().filter(|_| is_wanted && lab.picture_shape().is_some());
        if let Some(Extent { low, high }) = visible {
            let command = LatentCommand::DecodeGrid {
                request: 0,
                across: [low[0], high[0]],
                up: [low[1], high[1]],
                side: GRID_SIDE,
            };
            self.ask(Purpose::Grid, command);
        }
    }

    /// True while the epochs are replayed.
    pub fn is_replaying(&self) -> bool {
        self.timers.replay.borrow().is_some()
    }

    /// Shows the epochs one after the other, or stops doing so.
    pub fn toggle_replay(&self) {
        if self.is_replaying() {
            self.stop_replay();
            self.update.force_update();
            return;
        }
        let this = self.this.clone();
        let interval = Interval::new(REPLAY_MS, move || {
            if let Some(controller) = this.upgrade() {
                controller.show_next_epoch();
            }
        });
        self.timers.replay.replace(Some(interval));
        self.dispatch(LabAction::ShowMoment(Shown::Epoch(0)));
    }

    /// Stops the replay.
    pub fn stop_replay(&self) {
        self.timers.replay.take();
    }

    fn show_next_epoch(&self) {
        let lab = self.lab();
        match (lab.shown, lab.history.newest()) {
            (Shown::Epoch(index), Some(newest)) if index < newest => {
                self.dispatch(LabAction::ShowMoment(Shown::Epoch(index + 1)));
            }
            _ => {
                self.stop_replay();
                self.update.force_update();
            }
        }
    }
}
