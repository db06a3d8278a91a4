//! Compatibility of samples with an experiment, and fitting of pictures to a network's input shape.

use std::{borrow::Cow, ops::Range};

use pinhole_protocol::{CheckedExperiment, GridShape, TieTarget, check_row_width};

use super::{fit, limits::PICTURE_SIDES, sample_set::SampleSet};
use crate::{
    EngineError,
    pixels::{byte_to_unit, unit_to_byte},
};

/// Checks that the samples are compatible with the experiment, and fits them to its network's input shape.
///
/// # Errors
/// The first incompatibility, with what to do about it.
pub fn fit_to_experiment<'a>(
    samples: &'a SampleSet,
    experiment: &CheckedExperiment,
) -> Result<Cow<'a, SampleSet>, EngineError> {
    check_compatible(samples, experiment)?;
    fit_to_input(samples, experiment.plan().input)
}

/// Fits pictures of another size or colour to a network's input shape.
///
/// # Errors
/// When there is no sample, or the samples cannot be fitted to that shape.
pub fn fit_to_input(samples: &SampleSet, input: GridShape) -> Result<Cow<'_, SampleSet>, EngineError> {
    check_shape(samples, input)?;
    if samples.shape() == input {
        return Ok(Cow::Borrowed(samples));
    }
    Ok(Cow::Owned(samples.with_pictures(input, fit_pictures(samples, 0..samples.len(), input))))
}

/// Checks that [`fit_to_experiment`] can succeed.
///
/// # Errors
/// The first incompatibility, with what to do about it.
pub fn check_compatible(samples: &SampleSet, experiment: &CheckedExperiment) -> Result<(), EngineError> {
    check_shape(samples, experiment.plan().input)?;
    check_labels(samples, experiment)?;
    check_attributes(samples, experiment)
}

fn check_shape(samples: &SampleSet, input: GridShape) -> Result<(), EngineError> {
    if samples.is_empty() {
        return Err(EngineError::setting(
            "data.source",
            "There is no image to learn from: open some, or choose built-in ones.",
        ));
    }
    if samples.shape() == input {
        return Ok(());
    }
    if samples.is_pictures() {
        check_picture_input(input)
    } else {
        Ok(check_row_width(&samples.name, samples.shape().len(), input)?)
    }
}

/// Checks that pictures can be fitted to this shape.
///
/// # Errors
/// When it is no picture's shape, or smaller or larger than [`PICTURE_SIDES`].
pub fn check_picture_input(input: GridShape) -> Result<(), EngineError> {
    let GridShape { channels, height, width } = input;
    let (least, most) = (PICTURE_SIDES.start(), PICTURE_SIDES.end());
    if height == 1 && width == 1 {
        return Err(EngineError::setting(
            "network.input",
            format!(
                "The data are pictures, and this network reads vectors of {channels} values: let it read pictures, such as 28x28 grey, or learn from a table's rows."
            ),
        ));
    }
    check_picture_channels(input)?;
    if !PICTURE_SIDES.contains(&height) || !PICTURE_SIDES.contains(&width) {
        return Err(EngineError::setting(
            "network.input",
            format!(
                "This network reads pictures of {height}x{width}, and pictures can be brought to {least}x{least} up to {most}x{most}: choose a size between."
            ),
        ));
    }
    Ok(())
}

/// Checks that a picture is grey or in colour.
///
/// # Errors
/// When it has another number of channels.
pub(crate) fn check_picture_channels(shape: GridShape) -> Result<(), EngineError> {
    if shape.channels == 1 || shape.channels == 3 {
        return Ok(());
    }
    Err(EngineError::setting(
        "network.input",
        format!("Pictures are grey (1 channel) or in colour (3), and these have {} channels.", shape.channels),
    ))
}

fn check_labels(samples: &SampleSet, experiment: &CheckedExperiment) -> Result<(), EngineError> {
    let spec = experiment.spec();
    let of_ties = spec.objective.ties.iter().filter_map(|tie| match tie.target {
        TieTarget::Label { classes } => Some(("objective.ties", "tie", classes)),
        TieTarget::Attribute(_) => None,
    });
    let of_head = spec.network.head.map(|head| ("network.head", "classifier", head.classes));
    let classes = samples.labels().classes();
    for (field, learner, known_classes) in of_head.into_iter().chain(of_ties) {
        if samples.labels().labelled() == 0 {
            return Err(EngineError::setting(
                field,
                format!(
                    "The {learner} learns from labels, and “{}” has none: open the file of labels together with the images (its name has “labels-idx1”), choose built-in digits or a table with a label column, or take the {learner} off.",
                    samples.name
                ),
            ));
        }
        if classes > known_classes {
            return Err(EngineError::setting(
                field,
                format!(
                    "“{}” has {classes} different labels, and the {learner} tells {known_classes} apart: let it tell {classes}.",
                    samples.name
                ),
            ));
        }
    }
    Ok(())
}

/// Checks that the samples have the attributes that the experiment learns.
fn check_attributes(samples: &SampleSet, experiment: &CheckedExperiment) -> Result<(), EngineError> {
    let spec = experiment.spec();
    let of_head = spec.network.regression.as_ref().map(|head| head.attribute.as_str());
    let known = samples.attributes();
    for name in spec.attributes() {
        if known.varies(name) {
            continue;
        }
        let field = if of_head == Some(name) { "network.regression" } else { "objective.ties" };
        let names: Vec<String> =
            known.names().filter(|name| known.varies(name)).map(|name| format!("“{name}”")).collect();
        let remedy = if names.is_empty() {
            "choose generated digits, whose slant and pen width are known, or a numeric column of a table".into()
        } else {
            format!("choose {}", names.join(" or "))
        };
        let message = format!(
            "“{name}” is to be learnt, and “{}” has no two samples with different numbers for it: {remedy}.",
            samples.name
        );
        return Err(EngineError::setting(field, message));
    }
    Ok(())
}

/// Fits some of the pictures to another shape, one after the other.
pub(crate) fn fit_pictures(samples: &SampleSet, indices: Range<usize>, shape: GridShape) -> Vec<u8> {
    indices
        .filter_map(|index| samples.picture(index))
        .flat_map(|picture| fit::fit_picture(picture, samples.shape(), shape))
        .collect()
}

/// Fits one picture of values from 0 to 1 to another shape.
pub(crate) fn fit_values(values: &[f32], from: GridShape, to: GridShape) -> Vec<f32> {
    let pixels: Vec<u8> = values.iter().copied().map(unit_to_byte).collect();
    fit::fit_picture(&pixels, from, to).into_iter().map(byte_to_unit).collect()
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Activation, BottleneckSpec, DataSpec, Experiment, HeadSpec, ImageSource, NetworkSpec};

    use super::*;
    use crate::data::Labels;

    const COLOUR: GridShape = GridShape { channels: 3, height: 32, width: 20 };

    fn experiment(input: GridShape, classes: Option<usize>) -> CheckedExperiment {
        let network = NetworkSpec {
            input,
            bottleneck: BottleneckSpec::Dense { size: 4, activation: Activation::Linear },
            output_activation: Activation::Linear,
            head: classes.map(|classes| HeadSpec { classes }),
            ..NetworkSpec::default()
        };
        let is_vector = input.height == 1 && input.width == 1;
        let source = if is_vector { ImageSource::TableRows } else { ImageSource::Opened };
        let data = DataSpec { source, limit: None };
        Experiment { data, network, ..Experiment::default() }.check().expect("the experiment is valid")
    }

    fn pictures() -> SampleSet {
        SampleSet::pictures("some.png", GridShape::MNIST, [[40; 784], [90; 784]].concat())
    }

    fn rows() -> SampleSet {
        SampleSet::vectors("payments.csv", vec![0..1, 1..4], vec![0.5; 12])
    }

    fn vector(channels: usize) -> GridShape {
        GridShape { channels, height: 1, width: 1 }
    }

    fn refusal(samples: &SampleSet, experiment: &CheckedExperiment) -> String {
        let message = fit_to_experiment(samples, experiment).expect_err("it is not compatible").to_string();
        assert!(message.ends_with('.'), "a sentence: {message}");
        message
    }

    #[test]
    fn pictures_are_brought_to_the_networks_input() {
        let labelled = pictures().with_labels(Labels::of_digits([3, 8]));
        let fitted =
            fit_to_experiment(&labelled, &experiment(COLOUR, Some(10))).expect("pictures can be brought to 3x32x20");
        assert_eq!((fitted.shape(), fitted.len()), (COLOUR, 2));
        assert!(fitted.picture(1).is_some_and(|picture| picture.iter().all(|&value| value == 90)));
        assert_eq!(fitted.labels().of_sample(1), Some(8));
    }

    #[test]
    fn a_picture_of_values_is_brought_to_a_shape() {
        let fitted = fit_values(&[1.0; 784], GridShape::MNIST, COLOUR);
        assert_eq!((fitted.len(), fitted[0], fitted[COLOUR.len() - 1]), (COLOUR.len(), 1.0, 1.0));
    }

    #[test]
    fn samples_that_fit_are_not_copied() {
        let set = pictures();
        assert!(matches!(fit_to_experiment(&set, &experiment(GridShape::MNIST, None)), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn shapes_that_no_picture_has_are_refused() {
        let refused = |input| refusal(&pictures(), &experiment(input, None));
        assert!(refused(vector(784)).contains("vectors of 784"));
        assert!(refused(GridShape { channels: 2, ..GridShape::MNIST }).contains("2 channels"));
        assert!(refused(GridShape { height: 8, ..GridShape::MNIST }).contains("8x28"));
        assert!(refused(GridShape { width: 65, ..GridShape::MNIST }).contains("28x65"));
    }

    #[test]
    fn rows_of_another_width_are_refused_with_their_width() {
        let message = refusal(&rows(), &experiment(GridShape::MNIST, None));
        assert!(message.contains("payments.csv") && message.contains("vector of 4"), "{message}");
        assert!(refusal(&rows(), &experiment(vector(5), None)).contains("reads 5 values"));
        assert!(check_compatible(&rows(), &experiment(vector(4), None)).is_ok());
    }

    #[test]
    fn a_classifier_needs_labels_and_room_for_them() {
        assert!(refusal(&pictures(), &experiment(GridShape::MNIST, Some(10))).contains("some.png” has none"));
        let labelled = pictures().with_labels(Labels::of_digits([3, 8]));
        let message = refusal(&labelled, &experiment(GridShape::MNIST, Some(9)));
        assert!(message.contains("10 different labels") && message.contains("tells 9"), "{message}");
        let some = pictures().with_labels(Labels::of_numbers(&[None, Some(5)]));
        assert!(check_compatible(&some, &experiment(GridShape::MNIST, Some(2))).is_ok(), "one label is enough");
    }

    #[test]
    fn an_empty_set_is_refused() {
        assert!(refusal(&SampleSet::default(), &experiment(GridShape::MNIST, None)).contains("no image"));
    }
}
