//! The table that the engine has in hand, as far as an experiment on its rows has to know it.

use std::rc::Rc;

use pinhole_protocol::{
    Command, Experiment, ImageSource,
    table::{RowsSummary, TableCommand},
};

/// What is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// How often its rows became other ones to a network: a table was opened, or a detector chose other columns. What is
    /// asked of one that is being read is answered when it was.
    changes: usize,
    /// What its rows are, or why nothing can be learnt from them; `None` until that was asked and told.
    rows: Option<Result<Rc<RowsSummary>, Rc<str>>>,
    /// Whether it was opened to be learnt from.
    is_wanted: bool,
}

impl Table {
    /// A table is opened to be learnt from.
    pub const fn want(&mut self) {
        self.is_wanted = true;
    }

    /// It could not be.
    pub const fn give_up(&mut self) {
        self.is_wanted = false;
    }

    /// Its rows are other ones now, of which nothing is known yet.
    pub fn change(&mut self) {
        self.changes += 1;
        self.rows = None;
    }

    /// Takes what the engine says of the rows. Answers whether the experiment is to learn from them from now on: they
    /// were opened for that, or it does so already.
    pub fn describe(&mut self, told: Result<RowsSummary, String>, experiment: &Experiment) -> bool {
        let is_usable = told.is_ok();
        self.rows = Some(told.map(Rc::new).map_err(Rc::from));
        let is_learnt_from = std::mem::take(&mut self.is_wanted) || is_of_rows(experiment);
        is_usable && is_learnt_from
    }

    /// What its rows are, where that is known.
    pub fn rows(&self) -> Option<Rc<RowsSummary>> {
        self.rows.as_ref()?.as_ref().ok().cloned()
    }

    /// Why no experiment can learn from it.
    pub fn refusal(&self) -> Option<&str> {
        self.rows.as_ref()?.as_ref().err().map(|reason| &**reason)
    }

    /// What to ask the engine, told from other questions by how often the rows have changed: nothing while there is no
    /// table, or nobody wants its rows.
    pub fn question(&self, experiment: &Experiment) -> Option<(usize, Option<usize>, u64)> {
        let is_asked = self.changes > 0 && (self.is_wanted || is_of_rows(experiment));
        let limit = experiment.data.limit.filter(|_| is_of_rows(experiment));
        is_asked.then_some((self.changes, limit, experiment.seed))
    }
}

/// The command that asks what the rows are.
pub const fn describe(limit: Option<usize>, seed: u64) -> Command {
    Command::Table(TableCommand::DescribeRows { limit, seed })
}

/// Whether it learns from a table.
pub fn is_of_rows(experiment: &Experiment) -> bool {
    experiment.data.source == ImageSource::TableRows
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::DataSpec;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn rows() -> RowsSummary {
        RowsSummary { name: "pumps.csv".into(), rows: 40, width: 7, classes: 2, warnings: Vec::new() }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn rows_are_asked_for_when_somebody_wants_them() {
        let pictures = Experiment::default();
        let data = DataSpec { source: ImageSource::TableRows, limit: Some(9) };
        let of_rows = Experiment { data, seed: 3, ..Experiment::default() };
        let mut table = Table::default();
        assert_eq!(table.question(&of_rows), None, "there is no table");
        table.change();
        assert_eq!((table.question(&pictures), table.question(&of_rows)), (None, Some((1, Some(9), 3))));
        table.want();
        assert_eq!(table.question(&pictures), Some((1, None, 0)));
        assert!(table.describe(Ok(rows()), &pictures), "it was opened for that");
        assert!(!table.describe(Ok(rows()), &pictures), "and used once");
        assert!(table.describe(Ok(rows()), &of_rows));
        assert_eq!(table.rows().map(|rows| rows.width), Some(7));
        table.change();
        assert_eq!(table.rows(), None, "another table, of which nothing is known");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_table_that_cannot_be_learnt_from_says_why() {
        let mut table = Table::default();
        table.want();
        assert!(!table.describe(Err("no column".into()), &Experiment::default()));
        assert_eq!((table.rows(), table.refusal()), (None, Some("no column")));
    }
}
