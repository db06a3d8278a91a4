//! Texts of a preset's aims: the bound, and the figure that a model reaches.

use pinhole_protocol::{Aim, AimBound, AimFigure, Measure, Measurement};

use super::text::{percent, value_text};
use crate::components::format::fixed;

/// Aim as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AimText {
    pub is_reached: bool,
    pub sentence: String,
}

impl AimText {
    /// Text of an aim, compared with a measurement; `None` if it is of another measure or lacks the aim's reference.
    pub fn new(aim: &Aim, measurement: &Measurement) -> Option<Self> {
        let (is_reached, figure) = (aim.is_reached(measurement)?, aim.figure_of(measurement)?);
        let end = match (is_reached, aim.figure) {
            (true, _) => "reached.".to_owned(),
            (false, AimFigure::Value) => "not reached.".to_owned(),
            // Such a figure is not the value that is shown.
            (false, _) => format!("not reached, it is {}.", figure_text(aim, figure)),
        };
        Some(Self { is_reached, sentence: format!("Aim: {}: {end}", bound_text(aim)) })
    }
}

/// Bound of an aim, such as "at most 0.012".
pub fn bound_text(aim: &Aim) -> String {
    let bound = match aim.bound {
        AimBound::AtMost => "at most",
        AimBound::AtLeast => "at least",
    };
    format!("{bound} {}", figure_text(aim, aim.value))
}

fn figure_text(aim: &Aim, figure: f64) -> String {
    match aim.figure {
        AimFigure::Value => value_text(aim.measure, figure),
        AimFigure::Explained => format!("{} explained", percent(figure)),
        AimFigure::AboveReference => format!("{} above the input's", value_text(aim.measure, figure)),
        AimFigure::PerReference => {
            let reference = match aim.measure {
                Measure::StudentError => "the teacher's",
                Measure::PriorMmd => "that of two sets of draws",
                _ => "the reference",
            };
            format!("{} times {reference}", fixed(figure, 1))
        }
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::presets;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn sentence(preset: &str, value: f64, reference: Option<f64>) -> String {
        let preset = presets().into_iter().find(|listed| listed.name == preset).expect("it is listed");
        let aim = preset.aim.first().expect("it has an aim");
        let measurement = Measurement { measure: aim.measure, value, reference, samples: 9 };
        AimText::new(aim, &measurement).expect("it is measured").sentence
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn aims_are_said_in_the_unit_of_their_figure() {
        assert_eq!(sentence("article", 0.011, Some(0.06)), "Aim: at most 0.012: reached.");
        assert_eq!(sentence("dense-denoiser", 15.0, Some(9.0)), "Aim: at least 17.5 dB: not reached.");
        assert_eq!(
            sentence("lstm", 0.03, Some(0.06)),
            "Aim: at least 80.0 % explained: not reached, it is 50.0 % explained."
        );
        assert_eq!(sentence("student", 0.02, Some(0.0125)), "Aim: at most 2.0 times the teacher's: reached.");
        assert_eq!(
            sentence("super-resolution", 16.0, Some(12.0)),
            "Aim: at least 5.0 dB above the input's: not reached, it is 4.0 dB above the input's."
        );
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn every_aim_has_a_text() {
        for aim in presets().iter().flat_map(|preset| &preset.aim) {
            let text = bound_text(aim);
            assert!(text.len() > 8 && !text.contains("NaN"), "{text}");
        }
    }
}
