//! Types of the Tables lab: dialect and columns of a table, plan of a detector, commands and events, results.

mod columns;
mod command;
mod dialect;
mod drift;
mod event;
mod fill;
mod measures;
mod origin;
mod plan;
mod rows;
mod text_encoding;

pub use columns::{ColumnKind, ColumnSummary, Filler, LabelGuess, LabelValue, RenamedColumn};
pub use command::{FileSlot, TableCommand};
pub use dialect::{ColumnFormat, DecimalMark, Dialect, NumberStyle, TimeNotation};
pub use drift::{ColumnDrift, DriftReport, FineTuneEffect, ShiftSize};
pub use event::{
    DetectorSummary, RowsSummary, ScoredFile, TableActivity, TableEvent, TablePreview, TableProgress, TableSummary,
    TableWarning, UnmatchedColumns,
};
pub use fill::{FillErrors, FillReport, FilledColumn};
pub use measures::{
    Baseline, ColumnErrors, Confusion, CurvePoint, ErrorCosts, Histogram, Interval, LinearVerdict, Measures,
    MethodResult, Repeats, ScoreSummary, ThresholdReport, ThresholdRule,
};
pub use origin::{FileFormat, ScoredFormat, TableOrigin};
pub use plan::{ColumnPlan, DetectorPlan, LabelPlan, Method, NumberScaling, RowChoice};
pub use rows::{Contribution, RowDetails, RowOrder, RowQuery, ScoredRow, SortKey, TopColumn};
pub use text_encoding::TextEncoding;
