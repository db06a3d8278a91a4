//! The engine's table as a source of samples: its rows' description, and the requests for it.

use std::rc::Rc;

use pinhole_protocol::{
    Experiment, ImageSource,
    table::{RowsSummary, TableCommand},
};

/// State of the table as a source of samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableSource {
    /// Number of changes of the prepared rows: a table was opened, or a detector chose other columns. The engine
    /// answers a request during a scan when the scan has ended.
    changes: usize,
    /// Description of the rows, or the reason for which they cannot be trained on; `None` until the engine has
    /// answered.
    rows: Option<Result<Rc<RowsSummary>, Rc<str>>>,
    /// True if the table was opened to be trained on.
    is_requested: bool,
}

impl TableSource {
    /// Notes that a table is being opened to be trained on.
    pub const fn request(&mut self) {
        self.is_requested = true;
    }

    /// Notes that it could not be opened.
    pub const fn cancel_request(&mut self) {
        self.is_requested = false;
    }

    /// Drops the description, as the rows have changed.
    pub fn invalidate(&mut self) {
        self.changes += 1;
        self.rows = None;
    }

    /// Takes the engine's description. Returns true if the experiment is to be trained on the rows: they were opened
    /// for that, or it is already.
    pub fn set_description(&mut self, description: Result<RowsSummary, String>, experiment: &Experiment) -> bool {
        let is_usable = description.is_ok();
        self.rows = Some(description.map(Rc::new).map_err(Rc::from));
        let is_trained_on = std::mem::take(&mut self.is_requested) || learns_from_rows(experiment);
        is_usable && is_trained_on
    }

    /// Description of the rows, if it is known.
    pub fn rows(&self) -> Option<Rc<RowsSummary>> {
        self.rows.as_ref()?.as_ref().ok().cloned()
    }

    /// Reason for which the rows cannot be trained on.
    pub fn refusal(&self) -> Option<&str> {
        self.rows.as_ref()?.as_ref().err().map(|reason| &**reason)
    }

    /// Request for a description, with the number of changes, by which requests differ too. `None` while there is no
    /// table, or no experiment uses its rows.
    pub fn description_request(&self, experiment: &Experiment) -> Option<(usize, TableCommand)> {
        let is_needed = self.changes > 0 && (self.is_requested || learns_from_rows(experiment));
        let limit = experiment.data.limit.filter(|_| learns_from_rows(experiment));
        let attributes = experiment.attributes().into_iter().map(str::to_owned).collect();
        let describe_rows = TableCommand::DescribeRows { limit, seed: experiment.seed, attributes };
        is_needed.then_some((self.changes, describe_rows))
    }
}

/// True if the experiment's samples are rows of a table.
pub fn learns_from_rows(experiment: &Experiment) -> bool {
    experiment.data.source == ImageSource::TableRows
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::DataSpec;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn rows() -> RowsSummary {
        RowsSummary {
            name: "pumps.csv".into(),
            rows: 40,
            width: 7,
            classes: 2,
            numeric_columns: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn describe_rows(limit: Option<usize>, seed: u64) -> TableCommand {
        TableCommand::DescribeRows { limit, seed, attributes: Vec::new() }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn rows_are_described_when_an_experiment_uses_them() {
        let pictures = Experiment::default();
        let data = DataSpec { source: ImageSource::TableRows, limit: Some(9) };
        let of_rows = Experiment { data, seed: 3, ..Experiment::default() };
        let mut table = TableSource::default();
        assert_eq!(table.description_request(&of_rows), None, "there is no table");
        table.invalidate();
        assert_eq!(
            (table.description_request(&pictures), table.description_request(&of_rows)),
            (None, Some((1, describe_rows(Some(9), 3))))
        );
        table.request();
        assert_eq!(table.description_request(&pictures), Some((1, describe_rows(None, 0))));
        assert!(table.set_description(Ok(rows()), &pictures), "it was opened for that");
        assert!(!table.set_description(Ok(rows()), &pictures), "and used once");
        assert!(table.set_description(Ok(rows()), &of_rows));
        assert_eq!(table.rows().map(|rows| rows.width), Some(7));
        table.invalidate();
        assert_eq!(table.rows(), None, "another table, which is not described yet");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_table_that_cannot_be_trained_on_has_a_reason() {
        let mut table = TableSource::default();
        table.request();
        assert!(!table.set_description(Err("no column".into()), &Experiment::default()));
        assert_eq!((table.rows(), table.refusal()), (None, Some("no column")));
    }
}
