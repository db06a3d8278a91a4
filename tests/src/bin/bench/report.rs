//! All figures, as tables for people and as JSON for scripts.

use std::fmt;

use serde_json::{Map, Value, json};

/// A part of the report.
pub trait Section: fmt::Display {
    /// Adds its figures for scripts.
    fn add_to(&self, all: &mut Map<String, Value>);
}

/// Everything measured, in the order in which it was.
pub struct Report {
    /// What it was taken on.
    machine: String,
    /// What the pages ran in.
    pub browser: String,
    sections: Vec<Box<dyn Section>>,
}

impl Report {
    /// A report from a machine.
    pub const fn new(machine: String) -> Self {
        Self { machine, browser: String::new(), sections: Vec::new() }
    }

    /// Adds what was measured.
    pub fn add(&mut self, section: impl Section + 'static) {
        self.sections.push(Box::new(section));
    }

    /// For scripts.
    pub fn to_json(&self) -> Value {
        let mut all = Map::new();
        all.insert("machine".into(), json!(self.machine));
        all.insert("browser".into(), json!(self.browser));
        for section in &self.sections {
            section.add_to(&mut all);
        }
        Value::Object(all)
    }
}

/// Adds to a list of that name; the first begins it.
pub fn push(all: &mut Map<String, Value>, name: &str, value: Value) {
    if let Value::Array(list) = all.entry(name).or_insert_with(|| json!([])) {
        list.push(value);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}", self.machine, self.browser)?;
        for section in &self.sections {
            write!(f, "\n{section}")?;
        }
        Ok(())
    }
}
