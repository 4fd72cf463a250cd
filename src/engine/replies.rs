//! The replies in an answer: which of its lines make one, and what its code says of how it went (RFC 959, section 4.2).

use std::ops::Range;

use super::template::{Answer, Part, Step, Template};

/// One reply: the steps that say it, with the pauses within it.
struct Reply {
    steps: Range<usize>,
    /// The first digit of its code, if it has one.
    class: Option<u8>,
    /// Its last line is there.
    is_whole: bool,
}

/// A line, as far as it begins or ends a reply.
enum Line<'l> {
    /// `ddd-text`: all up to `ddd text` belongs to it, whatever it looks like.
    Opens(&'l [u8]),
    /// `ddd text`
    Coded(&'l [u8]),
    Bare,
}

/// The class of what says that an operation goes on.
const PRELIMINARY: u8 = b'1';

impl Answer {
    /// Its replies, in order.
    fn replies(&self) -> Vec<Reply> {
        let steps = match self {
            Self::Steps(steps) => steps.as_slice(),
            Self::Silence => &[],
        };
        let mut replies: Vec<Reply> = Vec::new();
        // The code of the reply whose last line is still to come.
        let mut open: Option<Vec<u8>> = None;
        for (place, step) in steps.iter().enumerate() {
            let Step::Say(template) = step else { continue };
            let text = template.outline();
            for line in text.split(|byte| *byte == b'\n') {
                let class = match (Line::of(line), &open) {
                    (Line::Coded(code), Some(first)) if code == first => {
                        open = None;
                        None
                    }
                    (Line::Opens(code), None) => {
                        open = Some(code.to_vec());
                        code.first().copied()
                    }
                    (Line::Coded(code), None) => code.first().copied(),
                    (_, Some(_)) | (Line::Bare, None) => None,
                };
                match replies.last_mut() {
                    Some(last) if class.is_none() => last.steps.end = place + 1,
                    _ => replies.push(Reply { steps: place..place + 1, class, is_whole: true }),
                }
                if let Some(last) = replies.last_mut() {
                    last.is_whole = open.is_none();
                }
            }
        }
        replies
    }

    /// Whether the last reply in it says that all went well, so far at least: its code begins with 2 or 3.
    #[must_use]
    pub fn tells_success(&self) -> bool {
        self.ends_with_class(b"23")
    }

    /// Whether the last reply in it says that it did not work: its code begins with none of 1, 2 and 3.
    #[must_use]
    pub fn tells_failure(&self) -> bool {
        self.ends_with_class(b"456789")
    }

    fn ends_with_class(&self, classes: &[u8]) -> bool {
        let replies = self.replies();
        let last = replies.iter().rev().find(|reply| reply.class.is_some() && reply.is_whole);
        last.and_then(|reply| reply.class).is_some_and(|class| classes.contains(&class))
    }

    /// Whether its last reply has begun with a line such as `220-Hello`, and has no line that ends it.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.replies().last().is_some_and(|reply| !reply.is_whole)
    }

    /// If it begins with a preliminary reply, which promises another: this, and the other if it is there, too.
    /// Either may have several lines.
    #[must_use]
    pub fn preliminary(&self) -> Option<(Self, Option<Self>)> {
        let Self::Steps(steps) = self else {
            return None;
        };
        let replies = self.replies();
        let first = replies.first()?;
        if first.class != Some(PRELIMINARY) || first.steps.start > 0 {
            return None;
        }
        let is_final = |reply: &&Reply| reply.class.is_some_and(|class| class != PRELIMINARY);
        let other = replies.iter().find(is_final).map_or(steps.len(), |reply| reply.steps.start);
        // A pause belongs to what comes after it.
        let is_pause = |step: &&Step| matches!(step, Step::Pause(_));
        let pauses = steps[..other].iter().rev().take_while(is_pause).count();
        let (first, rest) = steps.split_at(other - pauses);
        let steps = |steps: &[Step]| Self::Steps(steps.to_vec());
        match rest {
            [] => Some((steps(first), None)),
            [.., Step::Say(_)] => Some((steps(first), Some(steps(rest)))),
            [.., Step::Pause(_)] => None,
        }
    }
}

impl Template {
    /// The text with something in the place of what only the moment knows.
    fn outline(&self) -> Vec<u8> {
        let mut text = Vec::new();
        for part in &self.0 {
            match part {
                Part::Bytes(bytes) => text.extend_from_slice(bytes),
                _ => text.push(b'x'),
            }
        }
        text
    }
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Self {
        let code = line.get(..3).filter(|code| code.iter().all(u8::is_ascii_digit));
        match (code, line.get(3)) {
            (Some(code), Some(b'-')) => Self::Opens(code),
            (Some(code), None | Some(b' ' | b'\r')) => Self::Coded(code),
            _ => Self::Bare,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn answer(lines: &[&str]) -> Answer {
        let step = |line: &&str| match *line {
            "pause" => Step::Pause(Duration::from_secs(1)),
            line => Step::Say(Template::text(line)),
        };
        Answer::Steps(lines.iter().map(step).collect())
    }

    #[test]
    fn a_line_within_a_reply_is_free_text() {
        let open = answer(&["150-Opening", "553- Directory excluded.", "150 Opening"]);
        assert_eq!(open.preliminary(), Some((open.clone(), None)));
        assert!(!open.tells_failure() && !open.tells_success() && !open.is_unfinished());
        assert!(answer(&["226-Done", "550 or not", "226 Done"]).tells_success());
        assert!(answer(&["550-No", "226 Done", "550 No"]).tells_failure());
        // The same in one text.
        assert!(answer(&["226-Done\r\n550 or not\r\n226 Done"]).tells_success());
    }

    #[test]
    fn a_preliminary_reply_promises_another() {
        let both = answer(&["150-a", "226 b", "150 c", "pause", "226-d", "150 e", "226 f"]);
        let (first, rest) =
            (answer(&["150-a", "226 b", "150 c"]), answer(&["pause", "226-d", "150 e", "226 f"]));
        assert_eq!(both.preliminary(), Some((first, Some(rest))));
        assert_eq!(answer(&["226 b", "150 c"]).preliminary(), None);
        assert_eq!(answer(&["pause", "150 c"]).preliminary(), None);
        assert_eq!(answer(&["150 c", "226 d", "pause"]).preliminary(), None);
    }

    #[test]
    fn a_reply_without_its_last_line_is_unfinished() {
        assert!(answer(&["220-Hello"]).is_unfinished());
        assert!(answer(&["220-Hello", "221 ready"]).is_unfinished());
        assert!(!answer(&["220-Hello", "220 ready"]).is_unfinished());
        assert!(!answer(&["220"]).is_unfinished());
        // What it will say is not known before it is over.
        assert!(!answer(&["226-Done"]).tells_success());
    }
}
