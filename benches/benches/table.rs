//! The one bench target; see the crate's documentation.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [dinh_benches::rows::many::CHILD, data] = words.iter().map(String::as_str).collect::<Vec<_>>()[..]
    {
        dinh_benches::rows::many::child(data.as_ref());
        return ExitCode::SUCCESS;
    }
    dinh_benches::command::main(words.into_iter()).into()
}
