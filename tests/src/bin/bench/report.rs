//! Report of all measurements, as text tables or as JSON.

use std::fmt;

use serde_json::{Map, Value, json};

/// A section of the report.
pub trait Section: fmt::Display {
    /// Adds its measurements to the JSON object.
    fn add_to(&self, all: &mut Map<String, Value>);
}

/// All measurements, in the order in which they were taken.
pub struct Report {
    /// Description of the machine.
    machine: String,
    /// Name and version of the browser.
    pub browser: String,
    sections: Vec<Box<dyn Section>>,
}

impl Report {
    /// An empty report for a machine.
    pub const fn new(machine: String) -> Self {
        Self { machine, browser: String::new(), sections: Vec::new() }
    }

    /// Adds a section.
    pub fn add(&mut self, section: impl Section + 'static) {
        self.sections.push(Box::new(section));
    }

    /// The report as JSON.
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

/// Appends to the array of that name, which is created if it is missing.
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
