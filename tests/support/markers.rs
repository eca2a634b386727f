//! Markers below wrong lines: see `tests/wrong/README.md`. Shared by the tests of `config` and those of the whole program.

/// One mistake as both sides write it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) columns: (usize, usize),
    pub(crate) summary: String,
    pub(crate) hints: Vec<String>,
    pub(crate) patch: Option<String>,
}

/// The mistakes that a file marks.
pub(crate) fn marked_in(path: &str, text: &str) -> Vec<Told> {
    let mut found: Vec<Told> = Vec::new();
    let mut last_line = 0;
    for (index, line) in text.lines().enumerate() {
        let note = line.trim_start().strip_prefix('#').map(str::trim_start).unwrap_or_default();
        if note.starts_with('^') {
            found.push(marker(path, line, note, last_line));
        } else if let (Some(hint), Some(told)) = (note.strip_prefix("hint: "), found.last_mut()) {
            told.hints.push(hint.to_owned());
        } else if let (Some(patch), Some(told)) = (note.strip_prefix("patch: "), found.last_mut()) {
            told.patch = Some(patch.to_owned());
        } else {
            last_line = index + 1;
        }
    }
    found
}

fn marker(path: &str, line: &str, note: &str, last_line: usize) -> Told {
    let first = line.chars().take_while(|c| *c != '^').count() + 1;
    // `#^^^` marks from the first column on.
    let first = if line.starts_with("#^") { 1 } else { first };
    let carets = note.chars().take_while(|c| *c == '^').count();
    let last = line.chars().take_while(|c| *c != '^').count() + carets;
    let rest = note.trim_start_matches('^').trim();
    let (up, summary) = match rest.strip_prefix('(').and_then(|rest| rest.split_once(" up) ")) {
        Some((up, summary)) => (up.parse::<usize>().expect("a number of lines"), summary),
        None => (0, rest),
    };
    Told {
        file: path.to_owned(),
        line: last_line - up,
        columns: (first, last),
        summary: summary.to_owned(),
        hints: Vec::new(),
        patch: None,
    }
}

/// As it would stand below the line in the file.
pub(crate) fn as_marker(told: &Told, up: &str) -> String {
    let mut lines = vec![format!("{}:{}", told.file, told.line)];
    let (first, last) = told.columns;
    let carets = "^".repeat((last + 1).saturating_sub(first));
    lines.push(match first {
        0 | 1 => format!("#{} {up}{}", "^".repeat(last.saturating_sub(1)), told.summary),
        _ => format!("#{}{carets} {up}{}", " ".repeat(first - 2), told.summary),
    });
    lines.extend(told.hints.iter().map(|hint| format!("# hint: {hint}")));
    lines.extend(told.patch.iter().map(|patch| format!("# patch: {patch}")));
    lines.join("\n") + "\n"
}
