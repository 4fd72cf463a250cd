//! The medians, side by side.

use crate::measure::Measurement;
use crate::server::Kind;

pub(crate) struct Row {
    measurement: Measurement,
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Row {
    pub(crate) fn new(measurement: Measurement) -> Self {
        Self { measurement, ours: Vec::new(), theirs: Vec::new() }
    }

    pub(crate) fn measure(&mut self, kind: Kind) {
        let (_, _, measure) = self.measurement;
        let numbers = match kind {
            Kind::Badftp => &mut self.ours,
            Kind::Vsftpd => &mut self.theirs,
        };
        numbers.extend(measure(kind));
    }
}

pub(crate) fn print(rows: &[Row]) {
    println!("{:28}{:>10}{:>10}{:>14}", "", "badftp", "theirs", "ours/theirs");
    for Row { measurement: (name, unit, _), ours, theirs } in rows {
        let (ours, theirs) = (median(ours), median(theirs));
        let ratio = ours.zip(theirs).map(|(ours, theirs)| ours / theirs);
        let [ours, theirs] = [ours, theirs].map(|number| shown(number, 1));
        println!("{:28}{ours:>10}{theirs:>10}{:>14}", format!("{name}, {unit}"), shown(ratio, 2));
    }
}

pub(crate) fn median(numbers: &[f64]) -> Option<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

fn shown(number: Option<f64>, digits: usize) -> String {
    number.map_or_else(|| "–".to_owned(), |number| format!("{number:.digits$}"))
}
