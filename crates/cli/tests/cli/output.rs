//! Traces of the program: exit codes, standard error, and the files that it writes.

use std::{
    fs,
    io::Read as _,
    path::Path,
    process::{Output, Stdio},
};

use crate::program::{command, folder, pinhole, succeed};

/// Writes a table and a detector of it.
fn fit(folder: &Path) {
    let rows: Vec<String> = (0..120).map(|row| format!("{}.5,{}", row * 37 % 101, row * 53 % 17)).collect();
    fs::write(folder.join("t.csv"), format!("a,b\n{}\n", rows.join("\n"))).expect("written");
    succeed(folder, "fit t.csv --method pca --out d.safetensors");
}

fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Names of the files in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").file_name());
    let mut names: Vec<String> = files.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn exit_codes_are_those_of_the_help() {
    let folder = folder("exit_codes");
    fit(&folder);
    let help = succeed(&folder, "--help");
    for code in ["EXIT CODES", "0    done", "1    failed", "2    the command line is wrong"] {
        assert!(help.contains(code), "{help}");
    }
    for (line, code) in [
        ("inspect t.csv", 0),
        ("inspect nothing.csv", 1),
        ("inspect", 2),
        ("inspect t.csv --no-such-option", 2),
        ("score d.safetensors t.csv --map a --out s.csv", 2),
    ] {
        let output = pinhole(&folder, line);
        assert_eq!(output.status.code(), Some(code), "{line}: {}", error_of(&output));
    }
}

#[test]
fn a_failure_leaves_the_files_from_before() {
    let folder = folder("files_from_before");
    // Of an earlier run.
    let _ = fs::remove_file(folder.join("r.html"));
    fit(&folder);
    fs::write(folder.join("s.csv"), "from before").expect("written");
    fs::write(folder.join("other.csv"), "x,y\n1,2\n").expect("written");
    let before = names(&folder);
    for line in [
        "score d.safetensors other.csv --out s.csv",
        "score t.csv t.csv --out s.csv",
        "fit other.csv --out d.safetensors",
        "score d.safetensors t.csv --out nowhere/s.csv",
    ] {
        let output = pinhole(&folder, line);
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert_eq!(error_of(&output).lines().filter(|line| line.starts_with("pinhole: ")).count(), 1, "one sentence");
    }
    assert_eq!(fs::read_to_string(folder.join("s.csv")).expect("it is there"), "from before");
    assert_eq!(names(&folder), before, "and no part of a new one");
    succeed(&folder, "score d.safetensors t.csv --out s.csv --report r.html");
    assert!(fs::read_to_string(folder.join("s.csv")).expect("it is there").starts_with("a,b,score"));
    let mut after = before;
    after.push("r.html".into());
    after.sort();
    assert_eq!(names(&folder), after, "no temporary file stays");
}

#[test]
fn values_of_the_label_that_count_as_normal_are_named() {
    let folder = folder("label_values");
    let table = |words: [&str; 3]| {
        let row = |row: usize| {
            format!(
                "{}.5,{},{}\n",
                row * 37 % 101,
                row * 53 % 17,
                words[usize::from(row.is_multiple_of(20)) + usize::from(row.is_multiple_of(40))]
            )
        };
        format!("a,b,state\n{}", (0..160).map(row).collect::<String>())
    };
    fs::write(folder.join("t.csv"), table(["ok", "fault", "fault"])).expect("written");
    fs::write(folder.join("new.csv"), table(["ok", "fault", "worn"])).expect("written");
    succeed(&folder, "fit t.csv --label state --anomalous fault --method pca --out d.safetensors");
    let scored = pinhole(&folder, "score d.safetensors new.csv --out s.csv");
    let words = "in \"state\" these values count as normal: \"ok\", \"worn\"; anomalous: fault";
    assert!(scored.status.success() && error_of(&scored).contains(words), "{}", error_of(&scored));
    let same = pinhole(&folder, "score d.safetensors t.csv --out s.csv");
    assert!(!error_of(&same).contains("count as normal"), "{}", error_of(&same));
}

#[test]
fn nothing_that_is_read_is_written_over_and_endings_say_the_format() {
    let folder = folder("refused_outputs");
    fit(&folder);
    let read = |name: &str| fs::read(folder.join(name)).expect("it is there");
    let before = (read("t.csv"), read("d.safetensors"));
    for (line, words) in [
        ("score d.safetensors t.csv --out t.csv", "t.csv is a table to read, which would be lost"),
        ("score d.safetensors t.csv --out ./d.safetensors", "is the detector, which would be lost"),
        ("score d.safetensors t.csv --out s.csv --report t.csv", "is a table to read"),
        ("fill d.safetensors t.csv --out t.csv", "is a table to read"),
        ("fit t.csv --out t.csv", "is a table to read"),
        ("score d.safetensors t.csv --out s.xlsx", "let s.xlsx end with .csv, .tsv, .txt"),
        ("fill d.safetensors t.csv --out s.parquet", "let s.parquet end with .csv"),
    ] {
        let output = pinhole(&folder, line);
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(error_of(&output).contains(words), "{line}: {}", error_of(&output));
    }
    assert_eq!((read("t.csv"), read("d.safetensors")), before);
}

#[test]
#[cfg(unix)]
fn standard_output_and_links_are_written_to() {
    let folder = folder("standard_output");
    fit(&folder);
    let output = pinhole(&folder, "score d.safetensors t.csv --out /dev/stdout");
    let (text, error) = (String::from_utf8_lossy(&output.stdout), error_of(&output));
    assert!(output.status.success() && text.starts_with("a,b,score"), "{error}");
    assert_eq!(text.lines().count(), 121, "the table alone");
    assert!(error.contains("rows flagged"), "{error}");

    fs::write(folder.join("target.csv"), "old").expect("written");
    let link = folder.join("link.csv");
    if !link.exists() {
        std::os::unix::fs::symlink("target.csv", &link).expect("a link");
    }
    succeed(&folder, "score d.safetensors t.csv --out link.csv");
    assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
    assert!(fs::read_to_string(folder.join("target.csv")).expect("written").starts_with("a,b,score"));
}

#[test]
fn a_reader_that_ends_early_ends_the_program_in_silence() {
    let folder = folder("head");
    let _ = fs::remove_file(folder.join("s.csv"));
    fit(&folder);
    for line in [
        "inspect t.csv --json --rows",
        "inspect t.csv",
        "score d.safetensors t.csv --out s.csv",
        "score d.safetensors t.csv --out /dev/stdout",
    ] {
        if cfg!(not(unix)) && line.contains("/dev") {
            continue;
        }
        let mut program = command(&folder, line);
        let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it was built");
        drop(child.stdout.take());
        let mut error = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut error).expect("UTF-8");
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{line}: {error}");
        assert!(!error.contains("panicked") && !error.contains("pipe"), "{line}: {error}");
    }
    assert!(folder.join("s.csv").exists(), "what was to be written is written");
}

#[test]
fn standard_error_has_no_lines_of_libraries() {
    let folder = folder("quiet");
    fit(&folder);
    for line in ["inspect t.csv", "score d.safetensors t.csv --out s.csv", "bench --task T3"] {
        let output =
            command(&folder, line).env_remove("XDG_RUNTIME_DIR").env_remove("RUST_LOG").output().expect("built");
        let error = error_of(&output);
        assert!(output.status.success() && !error.contains("XDG_RUNTIME_DIR"), "{line}: {error}");
        assert!(error.lines().all(|line| line.starts_with("pinhole: ")), "{line}: {error}");
    }
}
