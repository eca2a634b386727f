//! Small XML documents, as requests send them.

/// An element without its attributes and its namespace.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

/// Reads a document; nothing where it is not well formed, or has a type of its own.
pub(super) fn parse(text: &str) -> Option<Element> {
    let mut reader = Reader { rest: text };
    reader.skip_notes()?;
    let root = reader.element(0)?;
    reader.skip_notes()?;
    reader.rest.is_empty().then_some(root)
}

/// No document of S3's is as deep.
const DEEPEST: usize = 16;

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Passes blanks, declarations and comments.
    fn skip_notes(&mut self) -> Option<()> {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with("<?") {
                self.until("?>")?;
            } else if self.rest.starts_with("<!--") {
                self.until("-->")?;
            } else {
                return Some(());
            }
        }
    }

    /// Everything before `end`, which is passed too.
    fn until(&mut self, end: &str) -> Option<&'a str> {
        let (before, after) = self.rest.split_once(end)?;
        self.rest = after;
        Some(before)
    }

    fn element(&mut self, depth: usize) -> Option<Element> {
        self.rest = self.rest.strip_prefix('<').filter(|_| depth < DEEPEST)?;
        let tag = self.tag()?;
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let name = tag.split_whitespace().next()?;
        let mut element = Element { name: local(name).to_owned(), text: String::new(), children: Vec::new() };
        if is_empty {
            return Some(element);
        }
        loop {
            if let Some(rest) = self.rest.strip_prefix("</") {
                self.rest = rest;
                return (self.until(">")?.trim_end() == name).then_some(element);
            } else if self.rest.starts_with("<!--") {
                self.until("-->")?;
            } else if let Some(rest) = self.rest.strip_prefix("<![CDATA[") {
                self.rest = rest;
                element.text.push_str(self.until("]]>")?);
            } else if self.rest.starts_with('<') {
                element.children.push(self.element(depth + 1)?);
            } else {
                let (text, rest) = self.rest.split_at(self.rest.find('<')?);
                self.rest = rest;
                element.text.push_str(&unescaped(text)?);
            }
        }
    }

    /// What stands before the `>` that is in no attribute's value.
    fn tag(&mut self) -> Option<&'a str> {
        let mut quote = None;
        for (at, letter) in self.rest.char_indices() {
            match (quote, letter) {
                (None, '>') => {
                    let tag = &self.rest[..at];
                    self.rest = &self.rest[at + 1..];
                    return Some(tag);
                }
                (None, '"' | '\'') => quote = Some(letter),
                (Some(open), close) if open == close => quote = None,
                _ => {}
            }
        }
        None
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('&');
    let mut whole = parts.next()?.to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';')?;
        whole.push(letter(entity)?);
        whole.push_str(rest);
    }
    Some(whole)
}

fn letter(entity: &str) -> Option<char> {
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        other => {
            let number = other.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(element: &Element) -> String {
        let children: Vec<_> = element.children.iter().map(shown).collect();
        format!("{}({}{})", element.name, element.text.trim(), children.join(","))
    }

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(parse(text).map(|root| shown(&root)).as_deref(), expected, "{text}");
    }

    #[test]
    fn documents_are_read_or_refused() {
        check("<?xml version=\"1.0\"?>\n<A x='>'><!-- no --><B>1</B><s3:C/></A>\n", Some("A(B(1),C())"));
        check("<A>&lt;&#65;&#x42;&amp;<![CDATA[<&]]></A>", Some("A(<AB&<&)"));
        check("<A><B></A></B>", None);
        check("<A>", None);
        check("<A>&unknown;</A>", None);
        check("<!DOCTYPE a><A/>", None);
        check("<A/>more", None);
    }
}
