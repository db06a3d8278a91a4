//! Python source as text: numbers, shapes, comments.

/// A number as a Python literal, such as `0.001`.
pub(super) fn number(value: f32) -> String {
    format!("{value:?}")
}

/// `weight * ` before a factor; empty for a weight of 1.
#[expect(clippy::float_cmp, reason = "1 itself is meant")]
pub(super) fn times(weight: f32) -> String {
    if weight == 1.0 { String::new() } else { format!("{} * ", number(weight)) }
}

/// A share of the whole and the rest, which add up to 1 as decimals.
pub(super) fn share_and_rest(share: f32) -> (String, String) {
    let share = number(share);
    let rest = 1.0 - share.parse::<f64>().expect("a number as a literal is a number");
    (share, format!("{:?}", (rest * 1e6).round() / 1e6))
}

/// A shape as a Python list, such as `[1, 28, 28]`.
pub(super) fn shape(dims: &[usize]) -> String {
    format!("{dims:?}")
}

/// True if `name` is in `source` and does not continue a longer name.
pub(super) fn uses(source: &str, name: &str) -> bool {
    let continues = |character: char| character.is_alphanumeric() || "._".contains(character);
    source.match_indices(name).any(|(start, _)| !source[..start].ends_with(continues))
}

/// The lines of `text`, indented by `levels` times four spaces; empty lines stay empty.
pub(super) fn indented(levels: usize, lines: impl IntoIterator<Item = String>) -> Vec<String> {
    let indent = |line: String| if line.is_empty() { line } else { format!("{}{line}", "    ".repeat(levels)) };
    lines.into_iter().map(indent).collect()
}

/// A function with its docstring; `signature` is its name with the arguments.
pub(super) fn function(signature: &str, docstring: &str, body: Vec<String>) -> String {
    let head = vec![format!("def {signature}:"), format!("    \"\"\"{docstring}\"\"\"")];
    [head, indented(1, body)].concat().join("\n")
}

/// A line of code with its comment.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub code: String,
    pub comment: Option<String>,
}

/// Lines whose comments begin in one column.
pub(super) fn aligned(lines: Vec<Line>) -> Vec<String> {
    let commented = lines.iter().filter(|line| line.comment.is_some());
    let width = commented.map(|line| line.code.len()).max().unwrap_or(0);
    let text = |line: Line| match line.comment {
        Some(comment) => format!("{:width$}  # {comment}", line.code),
        None => line.code,
    };
    lines.into_iter().map(text).collect()
}

/// A sentence as comment lines of at most `width` characters.
pub(super) fn comment(sentence: &str, width: usize) -> Vec<String> {
    let mut lines = vec!["#".to_owned()];
    for word in sentence.split_whitespace() {
        let last = lines.last_mut().expect("there is a first line");
        if last.len() + 1 + word.len() > width {
            lines.push(format!("# {word}"));
        } else {
            last.push(' ');
            last.push_str(word);
        }
    }
    lines
}
