//! A rule's answer, made ready to be said: placeholders filled, line ends put in, pauses between.

use std::time::Duration;

use super::reply::{self, usual_text};
use crate::engine::{Answer, Damage, Repeat, Step, Template};
use crate::fault::damage::damaged;
use crate::run::Filling;

/// What is said: bytes, each after a pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said(Vec<(Duration, Vec<u8>)>);

/// What is said over and over goes out in pieces of at least so many bytes, if no pause parts it.
const BATCH: usize = 16 * 1024;

impl Said {
    /// These bytes, at once.
    pub(super) fn once(bytes: Vec<u8>) -> Self {
        Self(vec![(Duration::ZERO, bytes)])
    }

    /// `reply:`: lines, whose missing ends are put in.
    pub(super) fn reply(answer: &Answer, filling: &Filling<'_>) -> Self {
        let lone = matches!(answer, Answer::Steps(steps) if steps.len() == 1);
        Self::steps(answer, |template| {
            let text = filling.render(template);
            let text = if lone { with_usual_text(text) } else { text };
            with_line_ends(&text)
        })
    }

    /// `send:`: exactly these bytes.
    pub(super) fn exactly(answer: &Answer, filling: &Filling<'_>) -> Self {
        Self::steps(answer, |template| filling.render(template))
    }

    fn steps(answer: &Answer, mut render: impl FnMut(&Template) -> Vec<u8>) -> Self {
        let Answer::Steps(steps) = answer else {
            return Self(Vec::new());
        };
        let mut parts: Vec<(Duration, Vec<u8>)> = Vec::new();
        let mut pause = Duration::ZERO;
        for step in steps {
            match step {
                Step::Pause(length) => pause += *length,
                Step::Say(template) => {
                    let text = render(template);
                    match parts.last_mut() {
                        // Lines without a pause between them go out in one segment.
                        Some((_, last)) if pause.is_zero() => last.extend_from_slice(&text),
                        _ => parts.push((std::mem::take(&mut pause), text)),
                    }
                }
            }
        }
        if !pause.is_zero() {
            parts.push((pause, Vec::new()));
        }
        Self(parts)
    }

    /// The same after these bytes.
    pub(super) fn after(mut self, first: Vec<u8>) -> Self {
        self.0.insert(0, (Duration::ZERO, first));
        self
    }

    /// Takes as much of what is to be said so often as goes out together; nothing after the last time.
    pub(super) fn next_batch(&self, left: &mut Repeat) -> Option<Self> {
        let mut batch = left.take_one().then(|| self.clone())?;
        if self.0.iter().all(|(pause, text)| pause.is_zero() && text.is_empty()) {
            // Nothing said over and over is said at once.
            *left = Repeat::Times(0);
        }
        if let ([(Duration::ZERO, one)], [(_, all)]) = (&self.0[..], &mut batch.0[..]) {
            while all.len() < BATCH && left.take_one() {
                all.extend_from_slice(one);
            }
        }
        Some(batch)
    }

    /// The same with its byte at a place damaged.
    pub(super) fn damaged(mut self, place: u64, damage: Damage) -> Self {
        let mut place = usize::try_from(place).unwrap_or(usize::MAX);
        for (_, text) in &mut self.0 {
            let length = text.len();
            if place < length {
                *text = damaged(std::mem::take(text), place, damage);
                break;
            }
            place -= length;
        }
        self
    }

    /// Each piece with the pause before it.
    pub(super) fn parts(&self) -> &[(Duration, Vec<u8>)] {
        &self.0
    }

    /// All of it, without the pauses.
    pub(super) fn whole(&self) -> Vec<u8> {
        self.0.iter().flat_map(|(_, text)| text.iter().copied()).collect()
    }

    /// Whether it says that the client is logged in.
    pub(super) fn is_login(&self) -> bool {
        reply::is_login(&self.whole())
    }

    /// Whether it says that something did not work.
    pub(super) fn is_refusal(&self) -> bool {
        reply::is_refusal(&self.whole())
    }
}

/// `550` alone gets the code's usual text.
fn with_usual_text(text: Vec<u8>) -> Vec<u8> {
    let is_code = text.len() == 3 && text.iter().all(u8::is_ascii_digit);
    match reply::code(&text).filter(|_| is_code) {
        Some(code) => format!("{code} {}", usual_text(code)).into_bytes(),
        None => text,
    }
}

/// Every line ends in CRLF, whatever ended it in the scenario.
fn with_line_ends(text: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(text.len() + 2);
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    for line in text.split(|byte| *byte == b'\n') {
        lines.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        lines.extend_from_slice(b"\r\n");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filling() -> Filling<'static> {
        Filling::of([127, 0, 0, 1].into())
    }

    fn say(text: &str) -> Step {
        Step::Say(Template::text(text))
    }

    #[test]
    fn lines_go_out_together_and_a_pause_parts_them() {
        let answer = Answer::Steps(vec![
            say("120 wait"),
            Step::Pause(Duration::from_secs(5)),
            say("220-a"),
            say("220 b"),
        ]);
        let said = Said::reply(&answer, &filling());
        let expected = [
            (Duration::ZERO, b"120 wait\r\n".to_vec()),
            (Duration::from_secs(5), b"220-a\r\n220 b\r\n".to_vec()),
        ];
        assert_eq!(said.parts(), expected);
    }

    #[test]
    fn a_code_alone_has_its_usual_text() {
        let answer = Answer::Steps(vec![say("530")]);
        assert_eq!(Said::reply(&answer, &filling()).whole(), b"530 Not logged in.\r\n");
    }

    #[test]
    fn a_code_alone_in_a_list_stays_alone() {
        let answer = Answer::Steps(vec![say("220-Hello"), say("221")]);
        assert_eq!(Said::reply(&answer, &filling()).whole(), b"220-Hello\r\n221\r\n");
    }

    #[test]
    fn what_is_said_so_often_goes_out_together() {
        let said = Said::once(b"257-filler\r\n".to_vec());
        let mut left = Repeat::Times(200);
        let batch = said.next_batch(&mut left).unwrap();
        assert_eq!(batch.whole(), b"257-filler\r\n".repeat(200));
        assert_eq!(said.next_batch(&mut left), None);
        let mut endless = Repeat::Endless;
        let batch = said.next_batch(&mut endless).unwrap().whole();
        assert!((BATCH..BATCH + 12).contains(&batch.len()), "{}", batch.len());
        assert_eq!(endless, Repeat::Endless);
        let nothing = Said::once(Vec::new());
        assert_eq!(nothing.next_batch(&mut endless), Some(nothing.clone()));
        assert_eq!(nothing.next_batch(&mut endless), None);
    }
}
