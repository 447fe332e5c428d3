//! The version that a `//go:build` line asks for (Go: go/build/constraint, GoVersion).

/// Returns the lowest version at which the constraint of a directive can hold, as the number after `go1.`; none if it
/// doesn't depend on the version, or isn't a constraint.
pub(crate) fn build_version(directive: &str) -> Option<u32> {
    let text = directive.strip_prefix("go:build")?;
    if !text.starts_with([' ', '\t']) {
        return None;
    }
    let mut parser = Parser { rest: text };
    let constraint = parser.or()?;
    let is_done = parser.rest.trim().is_empty();
    let version = min_version(&constraint, true);
    u32::try_from(version).ok().filter(|_| is_done)
}

enum Constraint {
    Tag(String),
    Not(Box<Constraint>),
    And(Box<Constraint>, Box<Constraint>),
    Or(Box<Constraint>, Box<Constraint>),
}

/// Returns the lowest version at which the constraint is `wanted`; -1 if it can be so at any version, `i64::MAX` if at
/// none. A version's tag alone stands for `go1.N`.
fn min_version(constraint: &Constraint, wanted: bool) -> i64 {
    match constraint {
        Constraint::Tag(tag) => match (tag.strip_prefix("go1."), wanted) {
            (Some(number), true) => number.parse().unwrap_or(-1),
            _ if tag == "go1" && wanted => 0,
            _ => -1,
        },
        Constraint::Not(x) => min_version(x, !wanted),
        Constraint::And(x, y) => {
            let (x, y) = (min_version(x, wanted), min_version(y, wanted));
            if wanted { x.max(y) } else { x.min(y) }
        }
        Constraint::Or(x, y) => {
            let (x, y) = (min_version(x, wanted), min_version(y, wanted));
            if wanted { x.min(y) } else { x.max(y) }
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn got(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn or(&mut self) -> Option<Constraint> {
        let mut x = self.and()?;
        while self.got("||") {
            x = Constraint::Or(Box::new(x), Box::new(self.and()?));
        }
        Some(x)
    }

    fn and(&mut self) -> Option<Constraint> {
        let mut x = self.not()?;
        while self.got("&&") {
            x = Constraint::And(Box::new(x), Box::new(self.not()?));
        }
        Some(x)
    }

    fn not(&mut self) -> Option<Constraint> {
        if self.got("!") {
            if self.got("!") {
                return None;
            }
            return Some(Constraint::Not(Box::new(self.not()?)));
        }
        if self.got("(") {
            let x = self.or()?;
            return self.got(")").then_some(x);
        }
        self.rest = self.rest.trim_start();
        let is_tag = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let end = self.rest.find(|c| !is_tag(c)).unwrap_or(self.rest.len());
        let (tag, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!tag.is_empty()).then(|| Constraint::Tag(tag.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::build_version;

    #[test]
    fn lowest_versions() {
        for (directive, version) in [
            ("go:build go1.21", Some(21)),
            ("go:build linux && go1.20", Some(20)),
            ("go:build go1.20 || go1.22", Some(20)),
            ("go:build !go1.22", None),
            ("go:build linux || go1.20", None),
            ("go:build go1.20 &&", None),
            ("go:builds go1.20", None),
        ] {
            assert_eq!(build_version(directive), version, "{directive}");
        }
    }
}
