//! Where a product goes, and what is done to it on the way.

use crate::{Activation, conv::Convolution};

/// How the result lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Output {
    /// [rows, columns].
    Rows,
    /// Rows are channels, columns places of all samples: [samples, channels, places].
    Channels { channels: usize, places: usize },
    /// The same for fine places, a phase of the stride at a time.
    Phases { channels: usize, convolution: Convolution },
}

/// What is done with the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Epilogue {
    /// It is the result.
    None,
    /// A bias for each column is added and an activation applied.
    BiasOfColumn(Activation),
    /// A bias for each row is added and an activation applied.
    BiasOfRow(Activation),
    /// It is the result, and the columns of the second operand are summed into a buffer of their own.
    SumsOfColumns,
    /// It is the result, and the rows of the first operand are summed into a buffer of their own.
    SumsOfRows,
}

impl Output {
    /// Workgroups along the depth of the grid: one for each phase.
    pub const fn phases(&self) -> usize {
        match self {
            Self::Rows | Self::Channels { .. } => 1,
            Self::Phases { convolution, .. } => convolution.phases(),
        }
    }

    /// What is worked out once for a column, into variables that begin with `name`.
    pub fn column(&self, name: &str, column: &str) -> String {
        match self {
            Self::Rows => format!("let {name} = {column};\n"),
            Self::Channels { channels, places } => {
                format!("let {name} = ({column}) / {places}u * {}u + ({column}) % {places}u;\n", channels * places)
            }
            Self::Phases { channels, convolution } => {
                let [_, height, width] = convolution.fine;
                let place = convolution.place_in_phase(&format!("{name}_at"), column);
                format!(
                    "{place}let {name}_inside = ({name}_at_y < {height}) & ({name}_at_x < {width});\n\
                     let {name} = {name}_at_sample * {}u + u32({name}_at_y * {width} + {name}_at_x);\n",
                    channels * height * width
                )
            }
        }
    }

    /// Where the value of a row goes that belongs to the column of `column`, and what must hold for it to be stored.
    pub fn place(&self, row: &str, column: &str, columns: usize) -> (String, Option<String>) {
        match self {
            Self::Rows => (format!("({row}) * {columns}u + {column}"), None),
            Self::Channels { places, .. } => (format!("({row}) * {places}u + {column}"), None),
            Self::Phases { convolution, .. } => {
                let places = convolution.fine_places();
                (format!("({row}) * {places}u + {column}"), Some(format!("{column}_inside")))
            }
        }
    }
}
