//! Knowledge distillation: a small model learns a larger one's reconstructions (Hinton et al. 2015).

use pinhole_protocol::{Activation, CheckedExperiment, GridShape, ReconstructionLoss};

use crate::{EngineError, Model, network::Autoencoder, objective::Batch};

/// A network whose reconstructions are the student's targets.
pub(super) struct Teacher(Autoencoder);

impl Teacher {
    /// Uses `model` as the teacher of the student `student`.
    ///
    /// # Errors
    /// When they read different inputs, or the student's loss cannot be computed from the teacher's outputs.
    pub fn new(model: &Model, student: &CheckedExperiment) -> Result<Self, EngineError> {
        let (teacher_input, student_input) = (model.experiment.plan().input, student.plan().input);
        if teacher_input != student_input {
            let message = format!(
                "The current model reads inputs of {} and cannot teach a network that reads {}: let both read the same.",
                format_shape(teacher_input),
                format_shape(student_input)
            );
            return Err(EngineError::setting("network.input", message));
        }
        let is_bounded = model.experiment.spec().network.output_activation == Activation::Sigmoid;
        if student.spec().objective.loss == ReconstructionLoss::BinaryCrossEntropy && !is_bounded {
            return Err(EngineError::setting(
                "objective.loss",
                "Binary cross-entropy needs answers from 0 to 1, and the current model does not end in a sigmoid: let its student minimise the mean squared error.",
            ));
        }
        Ok(Self(model.network.clone()))
    }

    /// The batch with the teacher's reconstruction as its target.
    pub fn with_teacher_targets(&self, batch: Batch) -> Batch {
        Batch { target: self.0.forward(batch.input.clone()), ..batch }
    }
}

fn format_shape(shape: GridShape) -> String {
    format!("{}x{}x{}", shape.channels, shape.height, shape.width)
}
