//! A person's choices for the open table: told from the guesses, and taken up for another file with the same header.

use pinhole_protocol::table::{DetectorPlan, Dialect, TablePreview, TableSummary};

use crate::{
    labs::tables::plan,
    storage::{DialectChoice, EntityChoice, LabelChoice, TableSettings, header_fingerprint},
};

/// Choices for the open table.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// The choices as they are stored.
    pub settings: TableSettings,
    /// Dialect as guessed from the file.
    pub guessed_dialect: Dialect,
    /// True if they were made for an earlier file.
    pub are_taken_up: bool,
}

impl Choices {
    /// No choices yet, for a file that was just opened.
    pub fn new(preview: &TablePreview) -> Self {
        let header = header_fingerprint(preview.columns.iter().map(|column| &*column.name));
        Self { settings: TableSettings::new(header), guessed_dialect: preview.dialect.clone(), are_taken_up: false }
    }

    /// Takes up the settings of an earlier file.
    pub fn take_up(&mut self, settings: TableSettings) {
        self.settings = settings;
        self.are_taken_up = true;
    }

    /// Forgets all choices.
    pub fn reset(&mut self) {
        self.settings = TableSettings::new(std::mem::take(&mut self.settings.header));
        self.are_taken_up = false;
    }

    /// Dialect to read the file with.
    pub fn dialect(&self) -> Dialect {
        let choice = self.settings.dialect.as_ref();
        choice.map_or_else(|| self.guessed_dialect.clone(), |choice| choice.applied_to(&self.guessed_dialect))
    }

    /// Takes over what the whole file says of its dialect, which was read with the choices.
    pub fn guess_dialect(&mut self, read: &Dialect) {
        if self.settings.dialect.is_none() {
            self.guessed_dialect = read.clone();
        } else {
            self.guessed_dialect.columns.clone_from(&read.columns);
            self.guessed_dialect.end = read.end;
        }
    }

    /// Notes that a person has changed the dialect from `before`.
    pub fn choose_dialect(&mut self, before: &Dialect, chosen: &Dialect) {
        let earlier = self.settings.dialect.take();
        self.settings.dialect = DialectChoice::new(earlier.as_ref(), &self.guessed_dialect, before, chosen);
    }

    /// Notes that a person has edited the plan; without a summary, the detector's settings alone.
    pub fn choose_plan(&mut self, edited: &DetectorPlan, summary: Option<&TableSummary>) {
        let settings = &mut self.settings;
        settings.plan = DetectorPlan { columns: Vec::new(), label: None, entity: None, ..edited.clone() };
        let Some(summary) = summary else { return };
        let guess = plan::from_summary(edited, summary);
        for (planned, guessed) in edited.columns.iter().zip(&guess.columns) {
            // A choice for an earlier file may agree with the guess for this one: it stays.
            if !settings.columns.contains(planned) {
                settings.columns.retain(|column| column.name != planned.name);
                if planned != guessed {
                    settings.columns.push(planned.clone());
                }
            }
        }
        let label = edited.label.clone().map_or(LabelChoice::Absent, LabelChoice::Column);
        if label != settings.label {
            settings.label = if edited.label == guess.label { LabelChoice::Guessed } else { label };
        }
        let entity = edited.entity.clone().map_or(EntityChoice::Absent, EntityChoice::Column);
        if entity != settings.entity {
            settings.entity = if edited.entity == guess.entity { EntityChoice::Guessed } else { entity };
        }
    }

    /// The plan with the choices in place of the guesses; without a summary, those of the detector alone.
    pub fn applied_to(&self, plan: &DetectorPlan, summary: Option<&TableSummary>) -> DetectorPlan {
        let settings = &self.settings;
        if settings.is_default() {
            return plan.clone();
        }
        let time = settings.plan.time.as_ref().filter(|name| summary.is_some_and(|summary| has_column(summary, name)));
        let mut plan = DetectorPlan {
            columns: plan.columns.clone(),
            label: plan.label.clone(),
            entity: plan.entity.clone(),
            time: time.cloned(),
            ..settings.plan.clone()
        };
        let Some(summary) = summary else { return plan };
        for column in &mut plan.columns {
            if let Some(chosen) = settings.columns.iter().find(|chosen| chosen.name == column.name) {
                column.clone_from(chosen);
            }
        }
        match &settings.label {
            LabelChoice::Absent => plan.label = None,
            // Another dialect may have read other columns.
            LabelChoice::Column(label) if has_column(summary, &label.column) => plan.label = Some(label.clone()),
            LabelChoice::Guessed | LabelChoice::Column(_) => {}
        }
        match &settings.entity {
            EntityChoice::Absent => plan.entity = None,
            EntityChoice::Column(name) if has_column(summary, name) => plan.entity = Some(name.clone()),
            EntityChoice::Guessed | EntityChoice::Column(_) => {}
        }
        plan
    }
}

fn has_column(summary: &TableSummary, name: &str) -> bool {
    summary.columns.iter().any(|column| column.name == name)
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::ColumnKind;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    fn guessed() -> (Choices, DetectorPlan) {
        let plan = plan::from_summary(&DetectorPlan::default(), &fixtures::summary());
        (Choices::new(&fixtures::preview("may.csv")), plan)
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_what_differs_from_the_guess_is_a_choice() {
        let (mut choices, guess) = guessed();
        let summary = fixtures::summary();
        let mut edited = guess.clone();
        plan::set_kind(&mut edited, 1, ColumnKind::Categorical);
        edited.label = None;
        edited.contamination = 0.01;
        choices.choose_plan(&edited, Some(&summary));
        assert_eq!(choices.settings.columns, [edited.columns[1].clone()]);
        assert_eq!(choices.settings.label, LabelChoice::Absent);
        assert_eq!(choices.applied_to(&guess, Some(&summary)), edited);
        choices.choose_plan(&guess, Some(&summary));
        assert!(choices.settings.is_default(), "everything is as guessed again");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_choice_that_agrees_with_the_guess_for_the_next_file_stays() {
        let (mut choices, guess) = guessed();
        let mut edited = guess;
        edited.columns[0].kind = ColumnKind::Numeric;
        choices.choose_plan(&edited, Some(&fixtures::summary()));
        let mut next = fixtures::summary();
        next.columns[0].kind = ColumnKind::Numeric;
        next.label = None;
        choices.take_up(choices.settings.clone());
        let mut plan = choices.applied_to(&plan::from_summary(&DetectorPlan::default(), &next), Some(&next));
        assert_eq!(plan.columns[0], edited.columns[0]);
        assert_eq!(plan.label, None, "the guess for this file");
        plan.seed = 3;
        choices.choose_plan(&plan, Some(&next));
        assert_eq!(choices.settings.columns, [edited.columns[0].clone()]);
        assert_eq!(choices.settings.plan.seed, 3);
        choices.reset();
        assert!(choices.settings.is_default() && !choices.are_taken_up);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_label_column_that_is_not_there_is_no_label() {
        let (mut choices, guess) = guessed();
        let mut edited = guess.clone();
        plan::set_label(&mut edited, Some("flow".into()), &fixtures::summary());
        choices.choose_plan(&edited, Some(&fixtures::summary()));
        let mut next = fixtures::summary();
        next.columns[1].name = "volume".into();
        assert_eq!(choices.applied_to(&guess, Some(&next)).label, guess.label);
        assert_eq!(choices.applied_to(&guess, Some(&fixtures::summary())).label, edited.label);
    }
}
