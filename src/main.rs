//! The `badftp` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    badftp::cli::main()
}
