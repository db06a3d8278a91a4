//! Aims: figures at which a preset's claim is plainly true.

use serde::Serialize;

use crate::{Measure, Measurement};

/// Bound on a measure that a preset reaches with its own settings. It was set before the settings were tuned.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Aim {
    /// The measure.
    pub measure: Measure,
    /// Figure that is bounded: the measure itself, or relative to its reference.
    pub figure: AimFigure,
    /// Direction of the bound.
    pub bound: AimBound,
    /// The bound, in the unit of the figure.
    pub value: f64,
}

/// Figure computed of a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AimFigure {
    /// The measure's value.
    Value,
    /// The value divided by its reference.
    PerReference,
    /// The value less its reference.
    AboveReference,
    /// 1 - value / reference: for an error whose reference is that of the mean sample, the explained share.
    Explained,
}

/// Direction of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AimBound {
    /// The figure is not greater.
    AtMost,
    /// The figure is not less.
    AtLeast,
}

impl Aim {
    pub(super) const fn at_most(measure: Measure, value: f64) -> Self {
        Self { measure, figure: AimFigure::Value, bound: AimBound::AtMost, value }
    }

    pub(super) const fn at_least(measure: Measure, value: f64) -> Self {
        Self { measure, figure: AimFigure::Value, bound: AimBound::AtLeast, value }
    }

    /// The aim of explaining at least this share of what the mean sample leaves.
    pub(super) const fn explained(measure: Measure, share: f64) -> Self {
        Self { measure, figure: AimFigure::Explained, bound: AimBound::AtLeast, value: share }
    }

    /// The same bound on another figure of the measure.
    pub(super) const fn of(self, figure: AimFigure) -> Self {
        Self { figure, ..self }
    }

    /// Figure of a measurement that the aim bounds; `None` for another measure, or without the reference that it needs.
    pub fn figure_of(&self, measurement: &Measurement) -> Option<f64> {
        if measurement.measure != self.measure {
            return None;
        }
        let Measurement { value, reference, .. } = *measurement;
        match self.figure {
            AimFigure::Value => Some(value),
            AimFigure::PerReference => reference.map(|reference| value / reference),
            AimFigure::AboveReference => reference.map(|reference| value - reference),
            AimFigure::Explained => reference.map(|reference| 1.0 - value / reference),
        }
    }

    /// True if the measurement reaches the aim; `None` as for [`Aim::figure_of`].
    pub fn is_reached(&self, measurement: &Measurement) -> Option<bool> {
        self.figure_of(measurement).map(|figure| match self.bound {
            AimBound::AtMost => figure <= self.value,
            AimBound::AtLeast => figure >= self.value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets;

    fn measured(value: f64, reference: Option<f64>) -> Measurement {
        Measurement { measure: Measure::Denoising, value, reference, samples: 9 }
    }

    #[test]
    fn figures_are_relative_to_the_reference() {
        let aim = Aim::at_least(Measure::Denoising, 5.0);
        assert_eq!(aim.figure_of(&measured(18.0, None)), Some(18.0));
        assert_eq!(aim.of(AimFigure::AboveReference).figure_of(&measured(18.0, Some(12.0))), Some(6.0));
        assert_eq!(aim.of(AimFigure::PerReference).figure_of(&measured(18.0, Some(12.0))), Some(1.5));
        assert_eq!(aim.of(AimFigure::Explained).figure_of(&measured(3.0, Some(12.0))), Some(0.75));
        assert_eq!(aim.of(AimFigure::Explained).figure_of(&measured(3.0, None)), None);
        assert_eq!(Aim::at_least(Measure::Accuracy, 0.5).figure_of(&measured(18.0, None)), None);
    }

    #[test]
    fn a_bound_includes_its_value() {
        for (value, at_most, at_least) in [(4.9, true, false), (5.0, true, true), (5.1, false, true)] {
            let measurement = measured(value, None);
            assert_eq!(Aim::at_most(Measure::Denoising, 5.0).is_reached(&measurement), Some(at_most));
            assert_eq!(Aim::at_least(Measure::Denoising, 5.0).is_reached(&measurement), Some(at_least));
        }
        assert_eq!(Aim::at_most(Measure::Denoising, 5.0).is_reached(&measured(f64::NAN, None)), Some(false));
    }

    #[test]
    fn every_preset_has_an_aim_on_one_of_its_own_measures() {
        for preset in presets() {
            assert!(!preset.aim.is_empty(), "{}", preset.name);
            for aim in &preset.aim {
                assert!(preset.measures.contains(&aim.measure), "{} is not measured on {:?}", preset.name, aim.measure);
            }
        }
    }
}
