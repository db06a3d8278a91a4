//! Names of months and weekdays in the languages of most files: English, German, French, Spanish, Italian, Portuguese,
//! Dutch, the Scandinavian languages, Polish, Czech, Russian and Turkish.

/// Names of each month, in lower case; a word of three letters or more that begins names of one month only means it.
const MONTHS: [&[&str]; 12] = [
    &[
        "january",
        "januar",
        "janvier",
        "enero",
        "gennaio",
        "janeiro",
        "januari",
        "stycznia",
        "styczeń",
        "ledna",
        "leden",
        "января",
        "январь",
        "ocak",
    ],
    &[
        "february",
        "februar",
        "février",
        "fevrier",
        "febrero",
        "febbraio",
        "fevereiro",
        "februari",
        "lutego",
        "luty",
        "února",
        "únor",
        "февраля",
        "февраль",
        "şubat",
        "feber",
    ],
    &[
        "march",
        "märz",
        "maerz",
        "mrz",
        "mars",
        "marzo",
        "março",
        "marco",
        "maart",
        "mrt",
        "marca",
        "marzec",
        "března",
        "březen",
        "марта",
        "март",
        "mart",
        "marts",
    ],
    &[
        "april",
        "avril",
        "avr",
        "abril",
        "aprile",
        "kwietnia",
        "kwiecień",
        "dubna",
        "duben",
        "апреля",
        "апрель",
        "nisan",
    ],
    &["may", "mai", "mayo", "maggio", "maio", "mei", "maj", "maja", "května", "květen", "мая", "май", "mayıs"],
    &[
        "june", "juni", "juin", "junio", "giugno", "junho", "czerwca", "czerwiec", "června", "červen", "июня", "июнь",
        "haziran",
    ],
    &[
        "july",
        "juli",
        "juillet",
        "julio",
        "luglio",
        "julho",
        "lipca",
        "lipiec",
        "července",
        "červenec",
        "июля",
        "июль",
        "temmuz",
    ],
    &[
        "august",
        "août",
        "aout",
        "agosto",
        "augustus",
        "augusti",
        "sierpnia",
        "sierpień",
        "srpna",
        "srpen",
        "августа",
        "август",
        "ağustos",
    ],
    &[
        "september",
        "septembre",
        "septiembre",
        "settembre",
        "setembro",
        "sept",
        "września",
        "wrzesień",
        "září",
        "сентября",
        "сентябрь",
        "eylül",
    ],
    &[
        "october",
        "oktober",
        "octobre",
        "octubre",
        "ottobre",
        "outubro",
        "października",
        "październik",
        "října",
        "říjen",
        "октября",
        "октябрь",
        "ekim",
    ],
    &["november", "novembre", "noviembre", "novembro", "listopada", "listopad", "ноября", "ноябрь", "kasım"],
    &[
        "december",
        "dezember",
        "décembre",
        "decembre",
        "diciembre",
        "dicembre",
        "dezembro",
        "grudnia",
        "grudzień",
        "prosince",
        "prosinec",
        "декабря",
        "декабрь",
        "aralık",
    ],
];

/// Names of weekdays, in lower case, of which two letters or more stand before a date.
const WEEKDAYS: [&str; 56] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "lunedì",
    "martedì",
    "mercoledì",
    "giovedì",
    "venerdì",
    "sabato",
    "domenica",
    "segunda",
    "terça",
    "quarta",
    "quinta",
    "sexta",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "måndag",
    "tisdag",
    "onsdag",
    "torsdag",
    "fredag",
    "lördag",
    "söndag",
    "poniedziałek",
];

/// Length in bytes of the longest name.
const MAX_NAME_BYTES: usize = 24;

/// Month, 1 to 12, that a word or its abbreviation names, in any case; `None`: none, or more than one.
pub(super) fn month_of(word: &str) -> Option<u32> {
    if word.len() > MAX_NAME_BYTES || word.chars().nth(2).is_none() {
        return None;
    }
    let lower = word.to_lowercase();
    if let Some(month) = MONTHS.iter().position(|names| names.contains(&lower.as_str())) {
        return Some(month as u32 + 1);
    }
    let mut begun = (1..).zip(MONTHS).filter(|(_, names)| names.iter().any(|name| name.starts_with(&lower)));
    let (month, _) = begun.next()?;
    begun.next().is_none().then_some(month)
}

/// True if a word is the name of a weekday, or at least two letters of one.
pub(super) fn is_weekday(word: &str) -> bool {
    let lower = word.to_lowercase();
    word.len() <= MAX_NAME_BYTES
        && lower.chars().nth(1).is_some()
        && WEEKDAYS.iter().any(|name| name.starts_with(&lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_abbreviations_of_ten_languages_are_months() {
        for (word, month) in [
            ("Jan", 1),
            ("janv", 1),
            ("ene", 1),
            ("gen", 1),
            ("sty", 1),
            ("янв", 1),
            ("Feb", 2),
            ("févr", 2),
            ("fev", 2),
            ("lut", 2),
            ("März", 3),
            ("Mrz", 3),
            ("mar", 3),
            ("maart", 3),
            ("Apr", 4),
            ("avr", 4),
            ("abr", 4),
            ("kwi", 4),
            ("Mai", 5),
            ("maj", 5),
            ("mei", 5),
            ("mag", 5),
            ("мая", 5),
            ("Juin", 6),
            ("jun", 6),
            ("giu", 6),
            ("czerwca", 6),
            ("juil", 7),
            ("Jul", 7),
            ("lug", 7),
            ("lip", 7),
            ("červenec", 7),
            ("Aug", 8),
            ("août", 8),
            ("ago", 8),
            ("sie", 8),
            ("Sep", 9),
            ("set", 9),
            ("wrz", 9),
            ("Okt", 10),
            ("oct", 10),
            ("ott", 10),
            ("out", 10),
            ("paź", 10),
            ("nov", 11),
            ("lis", 11),
            ("Dez", 12),
            ("déc", 12),
            ("dic", 12),
            ("gru", 12),
            ("DECEMBER", 12),
            ("Ara", 12),
        ] {
            assert_eq!(month_of(word), Some(month), "{word}");
        }
        for word in ["", "ju", "jui", "xyz", "ma", "monday"] {
            assert_eq!(month_of(word), None, "{word}");
        }
        assert!(is_weekday("Mo") && is_weekday("mercredi") && is_weekday("Wed") && !is_weekday("x"));
    }
}
