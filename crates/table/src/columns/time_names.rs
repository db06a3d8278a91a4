//! Names of columns that hold times, and the words of a name.

/// True if a name is that of a length of time, in any of ten languages.
pub(super) fn is_duration_name(name: &str) -> bool {
    const WORDS: [&str; 22] = [
        "duration",
        "elapsed",
        "runtime",
        "uptime",
        "downtime",
        "wallclock",
        "walltime",
        "laptime",
        "length",
        "dauer",
        "laufzeit",
        "dur\u{e9}e",
        "duree",
        "duraci\u{f3}n",
        "duracion",
        "durata",
        "dura\u{e7}\u{e3}o",
        "duracao",
        "duur",
        "varighet",
        "czas trwania",
        "s\u{fc}re",
    ];
    words_of(name).iter().any(|word| WORDS.contains(&word.as_str()))
}

/// True if a name is that of a point in time, in any of ten languages.
pub(super) fn is_time_name(name: &str) -> bool {
    const WORDS: [&str; 40] = [
        "time",
        "timestamp",
        "timestamps",
        "ts",
        "t",
        "date",
        "datetime",
        "epoch",
        "unix",
        "unixtime",
        "utc",
        "created",
        "updated",
        "modified",
        "at",
        "when",
        "clock",
        "stamp",
        "timems",
        "timens",
        "epochms",
        "zeit",
        "zeitstempel",
        "datum",
        "uhrzeit",
        "heure",
        "horodatage",
        "fecha",
        "hora",
        "tiempo",
        "data",
        "ora",
        "tempo",
        "tijd",
        "tijdstip",
        "tid",
        "tidpunkt",
        "czas",
        "время",
        "zaman",
    ];
    words_of(name).iter().any(|word| WORDS.contains(&word.as_str()))
}

/// Words of a name in lower case, which end at other characters than letters and before a capital.
pub(super) fn words_of(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for character in name.chars() {
        let begins = character.is_uppercase() && before.is_lowercase();
        if begins || !character.is_alphabetic() {
            words.push(std::mem::take(&mut word));
        }
        if character.is_alphabetic() {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.push(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_times_are_found_in_words() {
        for name in ["ts", "event_time", "createdAt", "Datum", "unix-time", "timestamp_ms", "Zeitstempel (UTC)"] {
            assert!(is_time_name(name), "{name}");
        }
        for name in ["ticks", "counter", "state", "update_count", "estimate"] {
            assert!(!is_time_name(name), "{name}");
        }
    }
}
