//! Adaptation of an experiment to its data: pictures, or rows of a table.

use pinhole_protocol::{
    Activation, Augmentation, DataSpec, Experiment, GridShape, ImageSource, Noise, ReconstructionLoss,
};

use crate::components::picture::is_picture;

/// Sets the source of the data, and changes the settings that do not fit it. Generated images get a limit; of other
/// data all samples are used. `row_width` is the number of values per row of the table, if it is known.
pub fn set_source(experiment: &mut Experiment, source: ImageSource, row_width: Option<usize>) {
    let limit = (source == ImageSource::Strokes).then_some(10_000);
    experiment.data = DataSpec { source, limit };
    adapt(experiment, row_width);
}

/// Sets the network's input to the data's shape, and changes settings that only pictures or only rows can have. Blocks
/// stay: one that does not fit shows its error on its card.
pub fn adapt(experiment: &mut Experiment, row_width: Option<usize>) {
    if experiment.data.source == ImageSource::TableRows {
        adapt_to_rows(experiment, row_width);
    } else if !is_picture(experiment.network.input) {
        experiment.network.input = GridShape::MNIST;
        experiment.network.output_activation = Activation::Sigmoid;
    }
}

fn adapt_to_rows(experiment: &mut Experiment, row_width: Option<usize>) {
    let Experiment { network, objective, schedule, .. } = experiment;
    if let Some(channels) = row_width {
        network.input = GridShape { channels, height: 1, width: 1 };
    }
    // Prepared values of a row are unbounded, and have no spatial neighbours.
    if matches!(network.output_activation, Activation::Sigmoid | Activation::Tanh | Activation::Relu) {
        network.output_activation = Activation::Linear;
    }
    if objective.loss == ReconstructionLoss::BinaryCrossEntropy || !objective.loss.is_elementwise() {
        objective.loss = ReconstructionLoss::Mse;
    }
    if matches!(objective.corruption.noise, Noise::Block | Noise::Blur | Noise::DownScaling) {
        objective.corruption.noise = Noise::Columns;
    }
    schedule.augmentation = Augmentation::default();
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Corruption, presets, table::RowsSummary};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn presets_are_adapted_to_rows_but_for_blocks_of_pictures() {
        let rows = RowsSummary {
            name: "t.csv".into(),
            rows: 50,
            width: 12,
            classes: 0,
            numeric_columns: Vec::new(),
            warnings: Vec::new(),
        };
        let mut refused = Vec::new();
        for preset in presets() {
            let mut experiment = preset.experiment;
            set_source(&mut experiment, ImageSource::TableRows, Some(rows.width));
            if let Err(error) = experiment.check_with(Some(&rows)) {
                assert!(error.block.is_some() || error.field == "network.skips", "{}: {error}", preset.name);
                refused.push(preset.name);
            }
        }
        assert!(refused.contains(&"conv-denoiser") && !refused.contains(&"article"), "{refused:?}");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn pictures_are_read_again_after_rows() {
        let mut experiment = Experiment::default();
        experiment.objective.corruption = Corruption::new(Noise::Blur, 0.5);
        set_source(&mut experiment, ImageSource::TableRows, Some(7));
        assert_eq!(experiment.network.input, GridShape { channels: 7, height: 1, width: 1 });
        assert_eq!(experiment.objective.corruption.noise, Noise::Columns);
        set_source(&mut experiment, ImageSource::Strokes, None);
        assert_eq!((experiment.network, experiment.data), Default::default());
        let colour = GridShape { channels: 3, height: 32, width: 32 };
        let mut experiment = Experiment::default();
        experiment.network.input = colour;
        set_source(&mut experiment, ImageSource::Digits8x8, None);
        assert_eq!((experiment.network.input, experiment.data.limit), (colour, None));
    }
}
