//! What shows that a model does what it is for, in a terminal.

use pinhole_engine::{
    EngineError, Model,
    measure::{Company, HeldOut, measure, usual_measures},
};
use pinhole_protocol::{Measure, Measurement};

/// Measures a model by what its experiment promises.
pub async fn usual(
    model: &Model,
    held_out: &HeldOut,
    teacher: Option<&Model>,
) -> Result<Vec<Measurement>, EngineError> {
    let company = Company { has_labels: held_out.has_labels(), has_teacher: teacher.is_some() };
    let measures = usual_measures(model.experiment(), company);
    measure(model, held_out, &measures, teacher, &async || ()).await
}

/// Prints each on a line: name, value, and what to compare it with.
pub fn print(measured: &[Measurement]) {
    for measurement in measured {
        println!("{}", line(measurement));
    }
}

fn line(measurement: &Measurement) -> String {
    let Measurement { measure, value, reference, samples } = *measurement;
    let beside = reference.map_or(String::new(), |reference| format!("  beside {}", text(measure, reference)));
    format!("{:<25} {:>10}{beside}  ({samples} samples)", measure.label(), text(measure, value))
}

/// A value with its unit.
fn text(measure: Measure, value: f64) -> String {
    match measure {
        Measure::Denoising => format!("{value:.2} dB"),
        Measure::NegativeElbo => format!("{value:.1} nats"),
        Measure::ActiveUnits => format!("{value:.0}"),
        Measure::CodebookPerplexity => format!("{value:.1}"),
        Measure::NeighbourAccuracy
        | Measure::ActiveShare
        | Measure::Accuracy
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
    fn a_line_says_what_to_compare_with() {
        let measured = Measurement { measure: Measure::Denoising, value: 17.256, reference: Some(9.4), samples: 200 };
        assert_eq!(line(&measured), "Denoising                   17.26 dB  beside 9.40 dB  (200 samples)");
        let alone = Measurement { measure: Measure::StudentSize, value: 0.125, reference: None, samples: 1 };
        assert_eq!(line(&alone), "Student's size                12.5 %  (1 samples)");
    }
}
