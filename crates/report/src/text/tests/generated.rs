//! A large plan of everything, made by dice.

use super::*;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn text(&mut self) -> String {
        const ALPHABET: [&str; 9] = ["a", "arn:", "/", " ", "日本", "-", "\"", "word", "\n"];
        let length = [3, 10, 60, 500][self.roll(4) as usize];
        (0..length).map(|_| ALPHABET[self.roll(9) as usize]).collect()
    }

    fn value(&mut self, depth: u64) -> Value {
        match self.roll(if depth == 0 { 5 } else { 8 }) {
            0 => self.text().into(),
            1 => (self.roll(1000) as i64).into(),
            2 => (self.roll(2) == 0).into(),
            3 => unknown("module.a.b_c.d.some_attribute"),
            4 => secret("a secret that must not be seen"),
            5 => Value::List((0..self.roll(5)).map(|_| self.value(depth - 1)).collect()),
            _ => {
                let entries = (0..self.roll(5))
                    .map(|n| (format!("key_{n}{}", "x".repeat(self.roll(40) as usize)), self.value(depth - 1)));
                Value::Map(entries.collect())
            }
        }
    }
}

fn large(dice: &mut Dice) -> Plan {
    let changes = (0..300).map(|n| {
        let action = [Action::Create, Action::Update, Action::Delete, Action::Replace(ReplaceOrder::CreateFirst)];
        let mut change = change(&format!("module.m{n}.some_type.name{n}"), action[dice.roll(4) as usize]);
        change.want = (0..dice.roll(8)).map(|n| (format!("attribute_{n}"), dice.value(3))).collect();
        change.reasons = vec![dice.text()];
        change.loses = vec![dice.text()];
        change.differences = (0..dice.roll(5))
            .map(|n| {
                let mut one = difference(&format!("attribute_{n}.inner"), dice.value(2), dice.value(2));
                one.document = dice.roll(3) == 0;
                one.replaces = dice.roll(5) == 0;
                one
            })
            .collect();
        change
    });
    let changes: Vec<_> = changes.collect();
    plan(changes)
}

#[test]
fn no_line_is_wider_than_asked() {
    use unicode_width::UnicodeWidthStr;
    let plan = large(&mut Dice(7));
    for width in [60, 80, 120] {
        let text = plan_text(&plan, Style::Plain, width);
        assert!(text.lines().count() > 3000);
        let wide: Vec<&str> = text.lines().filter(|line| line.width() > width).collect();
        assert!(wide.is_empty(), "{width}: {wide:#?}");
        assert_eq!(text.lines().find(|line| line.ends_with(' ')), None);
    }
}

#[test]
fn no_format_shows_a_secret() {
    let plan = large(&mut Dice(11));
    let texts = [
        plan_text(&plan, Style::Colour, 80),
        crate::plan_json(&plan),
        crate::plan_markdown(&plan),
        crate::plan_html(&plan),
    ];
    assert!(texts[0].contains("(secret)") && texts[1].contains("$secret"));
    for text in texts {
        assert!(!text.contains("must not be seen"));
    }
}
