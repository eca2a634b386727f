//! Where lines break.

use unicode_width::UnicodeWidthStr;

use super::{Piece, columns};

/// Text between two spaces: it may cross pieces and is kept together while it fits.
#[derive(Default)]
struct Word {
    spaces: usize,
    pieces: Vec<Piece>,
}

fn words(pieces: &[Piece]) -> Vec<Word> {
    let mut words = vec![Word::default()];
    for piece in pieces {
        if piece.whole {
            words.last_mut().expect("there is always a word").pieces.push(piece.clone());
            continue;
        }
        for (index, part) in piece.text.split(' ').enumerate() {
            if index > 0 {
                match words.last_mut() {
                    Some(word) if word.pieces.is_empty() => word.spaces += 1,
                    _ => words.push(Word { spaces: 1, pieces: Vec::new() }),
                }
            }
            if !part.is_empty() {
                words.last_mut().expect("there is always a word").pieces.push(Piece::new(piece.tone, part));
            }
        }
    }
    words
}

/// Breaks at newlines, at spaces, and within words only where a word alone is wider than a line.
pub(crate) fn fold(pieces: &[Piece], first: usize, rest: usize) -> Vec<Vec<Piece>> {
    /// Narrower than this nothing is readable: better too wide.
    const NARROWEST: usize = 16;
    let (first, rest) = (first.max(NARROWEST), rest.max(NARROWEST));
    let mut lines = Vec::new();
    for row in rows(pieces) {
        let first = if lines.is_empty() { first } else { rest };
        lines.extend(fold_row(&row, first, rest));
    }
    lines
}

/// The pieces between newlines.
fn rows(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut rows = vec![Vec::new()];
    for piece in pieces {
        for (index, text) in piece.text.split('\n').enumerate() {
            if index > 0 {
                rows.push(Vec::new());
            }
            push(&mut rows, Piece { text: text.to_owned(), ..*piece });
        }
    }
    rows
}

fn fold_row(pieces: &[Piece], first: usize, rest: usize) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    let (mut used, mut room) = (0, first);
    for Word { spaces, pieces: mut todo } in words(pieces) {
        let width = columns(&todo);
        let whole = todo.iter().any(|piece| piece.whole);
        if used + spaces + width > room && used > 0 && (width <= rest || whole || used + spaces + rest / 4 > room) {
            lines.push(Vec::new());
            (used, room) = (0, rest);
        } else if spaces > 0 {
            push(&mut lines, Piece::plain(" ".repeat(spaces)));
            used += spaces;
        }
        while !whole && used + columns(&todo) > room {
            let tail = split(&mut todo, room.saturating_sub(used).max(1));
            todo.drain(..).for_each(|piece| push(&mut lines, piece));
            lines.push(Vec::new());
            (used, room, todo) = (0, rest, tail);
        }
        used += columns(&todo);
        todo.into_iter().for_each(|piece| push(&mut lines, piece));
    }
    lines
}

fn push(lines: &mut [Vec<Piece>], piece: Piece) {
    if let Some(line) = lines.last_mut() {
        line.push(piece);
    }
}

/// Leaves what fits into `room` and gives back the rest.
fn split(pieces: &mut Vec<Piece>, room: usize) -> Vec<Piece> {
    let mut used = 0;
    for index in 0..pieces.len() {
        let width = pieces[index].text.width();
        if used + width <= room {
            used += width;
            continue;
        }
        // At least one character goes, or nothing would ever end.
        let first = pieces[index].text.chars().next().filter(|_| index == 0).map_or(0, char::len_utf8);
        let end = break_at(&pieces[index].text, room - used).max(first);
        let tail = pieces[index].text.split_off(end);
        let mut rest = vec![Piece::new(pieces[index].tone, tail)];
        rest.extend(pieces.drain(index + 1..));
        return rest;
    }
    Vec::new()
}

/// The byte before which a text is broken: after what separates the parts of an ARN or path, else after what separates words.
fn break_at(text: &str, room: usize) -> usize {
    const PARTS: [char; 7] = ['/', ':', ',', ';', '=', '&', '?'];
    const WORDS: [char; 3] = ['.', '-', '_'];
    let (mut end, mut part, mut word) = (0, 0, 0);
    for (at, character) in text.char_indices() {
        let after = at + character.len_utf8();
        if text[..after].width() > room {
            break;
        }
        end = after;
        if PARTS.contains(&character) {
            part = after;
        }
        if WORDS.contains(&character) {
            word = after;
        }
    }
    match (end - part, end - word) {
        (0..=32, _) if part > 0 => part,
        (_, 0..=24) if word > 0 => word,
        _ => end,
    }
}
