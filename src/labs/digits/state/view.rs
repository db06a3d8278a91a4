//! Parts of the lab that are shown: its views, or the builder.

use crate::components::tabs::Tab;

/// View below the pipeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ViewTab {
    /// Loss curves.
    #[default]
    Curve,
    /// Weights, code and layers.
    Inside,
    /// Held-out samples, and pictures from codes that belong to no input.
    Samples,
    /// Measurements.
    Measures,
}

impl ViewTab {
    /// Every view, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Curve, Self::Inside, Self::Samples, Self::Measures];

    /// Its tab.
    pub const fn tab(self) -> Tab {
        match self {
            Self::Curve => Tab { id: "curve", name: "Curve" },
            Self::Inside => Tab { id: "inside", name: "Look inside" },
            Self::Samples => Tab { id: "samples", name: "Samples" },
            Self::Measures => Tab { id: "measures", name: "Measures" },
        }
    }
}

/// Content of the stage below the pipeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StageMode {
    /// Views of the model.
    #[default]
    Views,
    /// The parts of the pipeline, opened to be changed.
    Build,
}

/// Room for views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ViewWidth {
    /// For one.
    #[default]
    One,
    /// For another one beside the first.
    Two,
}

/// Parts of the lab that are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// True while the lab is shown.
    pub is_shown: bool,
    pub tab: ViewTab,
    pub width: ViewWidth,
    /// True if the model makes pictures of its own: they stand beside the curve.
    pub is_generative: bool,
    pub mode: StageMode,
    /// True while the experiment is shown as text.
    pub is_listing_shown: bool,
}

impl View {
    /// True while the pipeline is opened to be changed.
    pub fn is_building(self) -> bool {
        self.mode == StageMode::Build
    }

    /// True if a view is in sight: the chosen one, and the one beside it. That is the curve, where there is room; beside
    /// the curve stand the pictures of a generative model, else the view inside where there is room.
    pub fn shows(self, tab: ViewTab) -> bool {
        let has_room = self.width == ViewWidth::Two;
        let beside = match self.tab {
            ViewTab::Curve if self.is_generative => Some(ViewTab::Samples),
            ViewTab::Curve => has_room.then_some(ViewTab::Inside),
            _ => has_room.then_some(ViewTab::Curve),
        };
        self.is_shown && !self.is_building() && (tab == self.tab || Some(tab) == beside)
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_wide_window_shows_two_views() {
        let shown = |view: View| ViewTab::ALL.map(|tab| view.shows(tab));
        let view = View { is_shown: true, ..View::default() };
        assert_eq!(shown(view), [true, false, false, false]);
        let wide = View { width: ViewWidth::Two, ..view };
        assert_eq!(shown(wide), [true, true, false, false]);
        assert_eq!(shown(View { tab: ViewTab::Measures, ..wide }), [true, false, false, true]);
        assert_eq!(shown(View { mode: StageMode::Build, ..wide }), [false; 4]);
        assert_eq!(shown(View { is_shown: false, ..wide }), [false; 4]);
        assert_eq!(shown(View { is_generative: true, ..view }), [true, false, true, false]);
    }
}
