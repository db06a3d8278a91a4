//! The reader for whom rows are prepared.

/// Reader of prepared rows, which decides how cells become features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreparedFor {
    /// A network alone: every feature is finite, a missing cell is imputed and marked by an indicator, large categories
    /// share a feature, and a date keeps its place in time.
    Network,
    /// A detector, which scores a row by the cells that it has: the features of a missing cell are NaN, a column of many
    /// categories becomes how frequent they are, one cell cannot set the scale of a column, and the calendar date is no
    /// feature, as a later file is no anomaly for being later.
    Detector,
}
