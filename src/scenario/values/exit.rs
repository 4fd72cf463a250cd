//! Exit codes of a command.

use super::Mistake;
use super::number::whole;
use super::range::range;
use crate::expect::ExpectedExit;

/// What an expected exit is called.
pub(in crate::scenario) const EXITS: &str =
    "`nonzero`, an exit code such as `19`, or a range of them such as `1-5`";

/// `nonzero`, `19`, `1-5`
pub(in crate::scenario) fn exit(text: &str) -> Result<ExpectedExit, Mistake> {
    if text == "nonzero" {
        return Ok(ExpectedExit::Nonzero);
    }
    let codes = range(text, code).map_err(|mistake| match mistake.help {
        None => mistake.help("write `nonzero`, or a code such as `19`"),
        Some(_) => mistake,
    })?;
    match (codes.least, codes.most) {
        (124, Some(124)) => Err(never("a command whose time was over")),
        (126, Some(126 | 127)) | (127, Some(127)) => {
            Err(never("a command that could not be started, or was not found"))
        }
        _ => Ok(ExpectedExit::Codes(codes)),
    }
}

fn code(text: &str) -> Result<u8, Mistake> {
    u8::try_from(whole(text)?).map_err(|_| Mistake::new("exit codes go from 0 to 255"))
}

/// These codes are no word of the client's.
fn never(of: &str) -> Mistake {
    let help = "`run` keeps the codes 124, 126 and 127, and they meet no expectation: write `nonzero`, or another code";
    Mistake::new(format!("this is {of}")).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Range;

    #[test]
    fn an_exit_is_a_word_a_code_or_a_range_of_codes() {
        assert_eq!(exit("nonzero"), Ok(ExpectedExit::Nonzero));
        assert_eq!(exit("0"), Ok(ExpectedExit::Codes(Range::exactly(0))));
        assert_eq!(exit("1-5"), Ok(ExpectedExit::Codes(Range { least: 1, most: Some(5) })));
        assert_eq!(exit("100-255"), Ok(ExpectedExit::Codes(Range { least: 100, most: Some(255) })));
        for wrong in ["", "zero", "256", "1-256", "-1", "5-1", "1B", "124", "126", "127", "126-127"]
        {
            let mistake = exit(wrong).expect_err(wrong);
            assert!(mistake.help.is_some(), "{wrong}");
        }
    }
}
