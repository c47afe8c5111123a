//! The one bench target; see the crate's documentation.

use std::process::ExitCode;

fn main() -> ExitCode {
    dinh_benches::command::main(std::env::args().skip(1)).into()
}
