//! Measuring a model, and printing of measurements.

use pinhole_engine::{
    EngineError, Model,
    measure::{Context, HeldOut, default_measures, measure},
};
use pinhole_protocol::{Measure, Measurement};

/// Returns the usual measures of the model's experiment.
pub async fn measure_usual(
    model: &Model,
    held_out: &HeldOut,
    teacher: Option<&Model>,
) -> Result<Vec<Measurement>, EngineError> {
    let context = Context::new(model.experiment(), held_out, teacher.is_some());
    let measures = default_measures(model.experiment(), context);
    measure(model, held_out, &measures, teacher, &async || ()).await
}

/// Prints a line per measurement: name, value and reference.
pub fn print(measured: &[Measurement]) {
    for measurement in measured {
        println!("{}", format_line(measurement));
    }
}

fn format_line(measurement: &Measurement) -> String {
    let Measurement { measure, value, reference, samples } = *measurement;
    let reference = reference.map_or(String::new(), |value| format!("  reference {}", format_value(measure, value)));
    format!("{:<25} {:>10}{reference}  ({samples} samples)", measure.label(), format_value(measure, value))
}

/// Returns a value with its unit.
pub fn format_value(measure: Measure, value: f64) -> String {
    match measure {
        Measure::Denoising => format!("{value:.2} dB"),
        Measure::RegressionR2 | Measure::TiedCorrelation => format!("{value:.3}"),
        Measure::RegressionMae => format!("{value:.4}"),
        Measure::NegativeElbo => format!("{value:.1} nats"),
        Measure::ActiveUnits | Measure::DeadUnits => format!("{value:.0}"),
        Measure::CodebookPerplexity => format!("{value:.1}"),
        Measure::NeighbourAccuracy
        | Measure::ActiveShare
        | Measure::Accuracy
        | Measure::TiedAccuracy
        | Measure::StudentSize
        | Measure::StudentTime => format!("{:.1} %", 100.0 * value),
        Measure::ReconstructionError
        | Measure::HiddenError
        | Measure::NoiseCopied
        | Measure::Sensitivity
        | Measure::PriorMmd
        | Measure::StudentError => format!("{value:.5}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_value_and_reference() {
        let measured = Measurement { measure: Measure::Denoising, value: 17.256, reference: Some(9.4), samples: 200 };
        assert_eq!(format_line(&measured), "Denoising                   17.26 dB  reference 9.40 dB  (200 samples)");
        let alone = Measurement { measure: Measure::StudentSize, value: 0.125, reference: None, samples: 1 };
        assert_eq!(format_line(&alone), "Student's size                12.5 %  (1 samples)");
    }
}
