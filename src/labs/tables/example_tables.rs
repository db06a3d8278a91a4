//! Example tables that come with the page.

/// An example table.
pub struct ExampleTable {
    /// Text of its button after "Try:".
    pub title: &'static str,
    /// Sentence on its content.
    pub about: &'static str,
    /// File name in the folder `samples` of the site.
    pub file: &'static str,
}

/// All example tables; `www/make-samples.py` makes them.
pub const EXAMPLE_TABLES: [ExampleTable; 3] = [
    ExampleTable {
        title: "Machine sensors",
        about: "A pump; some faults show only in how its readings go together.",
        file: "machine-sensors.csv",
    },
    ExampleTable {
        title: "Card payments",
        about: "Categories and times beside amounts; three in a hundred are fraud.",
        file: "card-payments.csv",
    },
    ExampleTable {
        title: "Weather station",
        about: "Semicolons, decimal commas, a preamble, and no column that labels the anomalies.",
        file: "weather-station.csv",
    },
];

impl ExampleTable {
    /// Address of the file, relative to the page.
    pub fn path(&self) -> String {
        format!("samples/{}", self.file)
    }
}
