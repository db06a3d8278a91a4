//! The engine's log on standard error.

use std::fs;

use crate::program::{command, folder};

#[test]
fn the_log_is_written_if_the_environment_asks_for_it() {
    let folder = folder("log");
    fs::write(folder.join("t.csv"), "a,b\n1,2\n3,4\n").expect("written");
    let errors = |level: Option<&str>| {
        let mut command = command(&folder, "inspect t.csv --json");
        match level {
            Some(level) => command.env("RUST_LOG", level),
            None => command.env_remove("RUST_LOG"),
        };
        let output = command.output().expect("the program was built with this test");
        assert!(output.status.success());
        assert!(output.stdout.starts_with(b"{"), "the log is not part of the answer");
        String::from_utf8(output.stderr).expect("the program prints UTF-8")
    };
    let log = errors(Some("debug"));
    let scanned = log.lines().find(|line| line.contains("table scanned")).unwrap_or_else(|| panic!("no event: {log}"));
    assert!(scanned.contains("job{activity=Reading}") && scanned.contains("rows=2"), "{scanned}");
    assert_eq!(errors(Some("pinhole_engine=debug")), "", "levels may be given by crate");
    assert_eq!(errors(None), "");
}
