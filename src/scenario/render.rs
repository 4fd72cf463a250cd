//! How a problem looks: the sentence, the place, the line itself with a caret, and what to write.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::problem::{Problem, Severity};
use super::source::Source;
use super::yaml::{Span, boundary};

/// Places further apart than this are shown as two snippets.
const NEAR: usize = 12;

/// Lines longer than this are not shown whole.
const LONG_LINE: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Plain,
    Styled,
}

pub(super) fn problem(source: &Source, problem: &Problem, look: Look) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group: Group<'_> =
        level.primary_title(problem.title.as_str()).elements(snippets(source, problem));
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = match look {
        Look::Plain => Renderer::plain(),
        Look::Styled => Renderer::styled(),
    };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// The place itself and all that is near it, then each place far away.
fn snippets<'a>(
    source: &'a Source,
    problem: &'a Problem,
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let here = source.line(problem.span.start);
    let (near, far): (Vec<_>, Vec<_>) =
        problem.also.iter().partition(|(span, _)| source.line(span.start).abs_diff(here) <= NEAR);
    let spans: Vec<Span> =
        near.iter().map(|(span, _)| *span).chain(std::iter::once(problem.span)).collect();
    let excerpt = Excerpt::around(source, &spans);
    let label = (!problem.label.is_empty()).then_some(problem.label.as_str());
    let mut first = excerpt
        .snippet(source)
        .annotation(AnnotationKind::Primary.span(excerpt.within(problem.span)).label(label));
    for (span, label) in near {
        let span = excerpt.within(*span);
        first = first.annotation(AnnotationKind::Context.span(span).label(label.as_str()));
    }
    let others = far.into_iter().map(|(span, label)| {
        let excerpt = Excerpt::around(source, &[*span]);
        let span = excerpt.within(*span);
        excerpt.snippet(source).annotation(AnnotationKind::Context.span(span).label(label.as_str()))
    });
    std::iter::once(first).chain(others).collect()
}

/// Some whole lines of a file.
struct Excerpt<'a> {
    text: &'a str,
    start: usize,
    line: usize,
}

impl<'a> Excerpt<'a> {
    fn around(source: &'a Source, spans: &[Span]) -> Self {
        let text = source.text();
        let first = spans.iter().map(|span| span.start).min().unwrap_or(0).min(text.len());
        let last = spans.iter().map(|span| span.start).max().unwrap_or(0).min(text.len());
        let line = source.line(first);
        let mut start = source.start_of(line);
        let mut end = source.start_of(source.line(last) + 1);
        if end - start > LONG_LINE * NEAR {
            start = boundary(text, Some(first.saturating_sub(LONG_LINE / 2).max(start)));
            end = boundary(text, Some((last + LONG_LINE / 2).min(end)));
        }
        let text = text.get(start..end).unwrap_or("");
        Self { text: text.trim_end_matches(['\n', '\r']), start, line }
    }

    fn snippet<T: Clone>(&self, source: &'a Source) -> Snippet<'a, T> {
        Snippet::source(self.text).line_start(self.line).path(&**source.name())
    }

    /// A span of the file within this excerpt: its first line, so that a whole rule is not underlined.
    fn within(&self, span: Span) -> std::ops::Range<usize> {
        let start = boundary(self.text, Some(span.start.saturating_sub(self.start)));
        let line = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let end = span.end.saturating_sub(self.start);
        start..boundary(self.text, Some(end.clamp(start, start + line.len())))
    }
}
