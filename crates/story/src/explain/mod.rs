//! Explanations of messages, terms and articles.

mod article;
mod assembler;
mod entry;
mod go;
mod shape;
mod term;

pub use article::{ARTICLES, Article, Statement};
pub use assembler::AssemblyCode;
pub use entry::{Entry, Example, Trial};
pub use go::GoCode;
pub use term::Term;

/// Something that can be explained.
#[derive(Clone, Copy, Debug)]
pub enum Topic {
    /// A code of messages about Go programs.
    Go(GoCode),
    /// A code of messages about assembly.
    Assembly(AssemblyCode),
    /// A term.
    Term(Term),
    /// An article.
    Article(&'static Article),
}

impl Topic {
    /// Returns all topics: codes, then terms, then articles.
    pub fn all() -> impl Iterator<Item = Topic> {
        let codes = GoCode::ALL.iter().map(|&code| Topic::Go(code));
        let assembly = AssemblyCode::ALL.iter().map(|&code| Topic::Assembly(code));
        let terms = Term::ALL.iter().map(|&term| Topic::Term(term));
        let articles = ARTICLES.iter().map(Topic::Article);
        codes.chain(assembly).chain(terms).chain(articles)
    }

    /// The name to ask for.
    pub fn name(self) -> &'static str {
        match self {
            Topic::Article(article) => article.name,
            Topic::Go(_) | Topic::Assembly(_) | Topic::Term(_) => {
                self.entry().map_or("", |entry| entry.name)
            }
        }
    }

    /// Returns the entry; articles have none.
    pub fn entry(self) -> Option<&'static Entry> {
        match self {
            Topic::Go(code) => Some(code.entry()),
            Topic::Assembly(code) => Some(code.entry()),
            Topic::Term(term) => Some(term.entry()),
            Topic::Article(_) => None,
        }
    }

    /// Reports whether the topic is a code.
    pub fn is_code(self) -> bool {
        matches!(self, Topic::Go(_) | Topic::Assembly(_))
    }

    /// Returns the topic with a name, or the term with another name. Case, blanks and hyphens don't count.
    pub fn named(name: &str) -> Option<Topic> {
        let name = plain(piece(name).unwrap_or(name));
        let is_other = |topic: &Topic| match topic {
            Topic::Term(term) => term.entry().shapes.iter().any(|other| plain(other) == name),
            Topic::Article(article) => plain(article.title.zh) == name,
            Topic::Go(_) | Topic::Assembly(_) => false,
        };
        Topic::all()
            .find(|topic| plain(topic.name()) == name)
            .or_else(|| Topic::all().find(is_other))
    }

    /// Returns the code of a message, without its position: that with the closest shape.
    pub fn of_message(message: &str) -> Option<Topic> {
        let message = message.strip_prefix("asm: ").unwrap_or(message);
        let fits = |topic: Topic| {
            let shapes = topic.entry().filter(|_| topic.is_code())?.shapes;
            let fitting = shapes.iter().filter(|shape| shape::matches(shape, message));
            Some((fitting.map(|shape| shape::weight(shape)).max()?, topic))
        };
        // The first of equals.
        let mut closest: Option<(usize, Topic)> = None;
        for (weight, topic) in Topic::all().filter_map(fits) {
            if closest.is_none_or(|(most, _)| weight > most) {
                closest = Some((weight, topic));
            }
        }
        closest.map(|(_, topic)| topic)
    }

    /// Returns the names that are most like a word, for a word that is none.
    pub fn near(word: &str) -> Vec<&'static str> {
        let word = plain(word);
        let names = Topic::all().map(Topic::name);
        let contains = |name: &&str| {
            let name = plain(name);
            word.len() > 2 && (name.contains(&word) || name.len() > 2 && word.contains(&name))
        };
        names.filter(contains).take(5).collect()
    }
}

/// Returns the term for a piece of a listing: an operand, a symbol, a field of a function's first line.
fn piece(word: &str) -> Option<&'static str> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some(offset) = word.strip_suffix("(SP)") {
        let is_plain = offset.is_empty() || is_number(offset.trim_start_matches('-'));
        return Some(if is_plain { "hardware SP" } else { "pseudo SP" });
    }
    let sizes = word.strip_prefix('$').and_then(|rest| rest.split_once('-'));
    if sizes.is_some_and(|(frame, args)| is_number(frame) && is_number(args)) {
        return Some("frame size");
    }
    if word.strip_prefix(['v', 'b']).is_some_and(is_number) {
        return Some("v12");
    }
    let ends = [("(FP)", "FP"), ("(SB)", "SB")];
    let starts = [
        ("\"\".", "\"\"."),
        ("gclocals·", "gclocals"),
        ("size=", "listing header"),
        ("args=", "listing header"),
        ("locals=", "listing header"),
    ];
    let ends = ends.iter().filter(|(end, _)| word.ends_with(end));
    let starts = starts.iter().filter(|(start, _)| word.starts_with(start));
    ends.chain(starts).map(|&(_, name)| name).next()
}

/// Returns a name in lower case without blanks and hyphens.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, ' ' | '-' | '_'));
    let letters: String = letters.flat_map(char::to_lowercase).collect();
    match letters.is_empty() {
        true => name.to_owned(),
        false => letters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique() {
        let mut seen = BTreeSet::new();
        for topic in Topic::all() {
            assert!(seen.insert(plain(topic.name())), "{} twice", topic.name());
        }
    }

    #[test]
    fn every_text_is_there_and_in_its_language() {
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..'\u{a000}').contains(&c));
        for topic in Topic::all() {
            let texts: Vec<_> = match (topic, topic.entry()) {
                (Topic::Article(article), _) => article
                    .statements
                    .iter()
                    .map(|statement| statement.fact)
                    .collect(),
                (_, entry) => entry.iter().map(|entry| entry.about).collect(),
            };
            for text in texts {
                assert!(
                    text.en.len() > 20 && !is_chinese(text.en),
                    "{}",
                    topic.name()
                );
                assert!(is_chinese(text.zh), "{}", topic.name());
            }
        }
    }

    #[test]
    fn words_and_pieces_of_listings_are_terms() {
        for (word, name) in [
            ("frame", "frame size"),
            ("$24-16", "frame size"),
            ("stack", "stack growth"),
            ("8(SP)", "hardware SP"),
            ("x-8(SP)", "pseudo SP"),
            ("b+8(FP)", "FP"),
            ("runtime.printint(SB)", "SB"),
            ("\"\".add", "\"\"."),
            ("b3", "v12"),
            ("args=0x10", "listing header"),
            ("gclocals·33cdeccccebe80329f1fdbee7f5874cb", "gclocals"),
            ("SDWARFINFO", "SDWARFINFO"),
            ("垃圾回收", "gclocals"),
        ] {
            assert_eq!(Topic::named(word).map(Topic::name), Some(name), "{word}");
        }
        assert!(Topic::named("$x-8").is_none() && Topic::named("vet").is_none());
    }

    #[test]
    fn messages_have_the_closest_code() {
        for (message, name) in [
            ("x declared but not used", "UnusedVar"),
            ("declared and not used: x", "UnusedVar"),
            ("undefined: x", "UndeclaredName"),
            ("undefined: fmt.Foo", "UndeclaredImportedName"),
            (
                "invalid operation: - (-a) + b (mismatched types bool and int32)",
                "MismatchedTypes",
            ),
            ("too many arguments to return", "WrongResultCount"),
            (
                "asm: invalid instruction: 00000 (x.s:2)\tMOVQ\t(AX), (BX)",
                "InvalidInstruction",
            ),
        ] {
            let found = Topic::of_message(message).map(Topic::name);
            assert_eq!(found, Some(name), "{message}");
        }
        assert!(Topic::of_message("nothing of the kind").is_none());
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        for (asked, name) in [
            ("nosplit", "NOSPLIT"),
            ("pseudo sp", "pseudo SP"),
            ("Pseudo-SP", "pseudo SP"),
            ("栈检查", "stack check"),
            ("unusedvar", "UnusedVar"),
            ("$", "$"),
        ] {
            assert_eq!(Topic::named(asked).map(Topic::name), Some(name), "{asked}");
        }
    }
}
