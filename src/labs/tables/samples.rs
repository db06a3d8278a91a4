//! The tables that come with the page.

/// One of them.
pub struct Sample {
    /// What its button says after "Try:".
    pub title: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// Its name, in the folder beside the page.
    pub file: &'static str,
}

/// All of them; `www/make-samples.py` makes them.
pub const SAMPLES: [Sample; 3] = [
    Sample {
        title: "Machine sensors",
        about: "A pump; some faults show only in how its readings go together.",
        file: "machine-sensors.csv",
    },
    Sample {
        title: "Card payments",
        about: "Categories and times beside amounts; three in a hundred are fraud.",
        file: "card-payments.csv",
    },
    Sample {
        title: "Weather station",
        about: "Semicolons, decimal commas, a preamble, and nobody says which hours are odd.",
        file: "weather-station.csv",
    },
];

impl Sample {
    /// Where it is fetched from.
    pub fn path(&self) -> String {
        format!("samples/{}", self.file)
    }
}
