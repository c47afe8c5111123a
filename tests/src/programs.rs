//! Where the built program and plugins are.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The target folder that this test was built in.
pub fn target() -> PathBuf {
    // TARGET/debug/deps/e2e-0123456789abcdef
    let test = std::env::current_exe().expect("a test knows where it is");
    test.ancestors().nth(3).expect("a test lies in TARGET/debug/deps").to_owned()
}

/// The program under test.
pub fn dinh() -> PathBuf {
    present(target().join("debug/dinh"))
}

/// The folder of finished plugins.
pub fn plugins() -> PathBuf {
    present(std::env::var_os("DINH_PLUGINS").map_or_else(|| target().join("plugins"), PathBuf::from))
}

/// A finished plugin.
pub fn plugin(name: &str) -> PathBuf {
    present(plugins().join(format!("{name}.wasm")))
}

fn present(path: PathBuf) -> PathBuf {
    assert!(path.exists(), "{} is missing: run `cargo xtask test`, which builds it", path.display());
    path
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it said on stdout.
    pub out: String,
    /// What it said on stderr.
    pub err: String,
}

impl Ran {
    /// The answer as JSON; fails when the command did not.
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The one line on stderr of a command that was refused.
    pub fn refusal(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert_eq!(self.err.lines().count(), 1, "one clear line: {self:?}");
        self.err.trim_end()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("dinh speaks UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// `dinh` with these words, without anything of our environment that could change what it does.
pub fn command(words: &[&str]) -> Command {
    let mut command = Command::new(dinh());
    command.args(words).env_remove("DINH_LOG").env_remove("SUDO_USER");
    command
}

/// Runs `dinh` with these words to its end.
pub fn run(words: &[&str]) -> Ran {
    command(words).output().expect("dinh starts").into()
}

/// `dinh` on the data folder `data`. Beside the rules a change needs a reason: there is one where the words have none.
fn command_on(data: &Path, words: &[&str]) -> Command {
    let mut command = command(words);
    if words.contains(&"--as-operator") && !words.contains(&"--reason") {
        command.args(["--reason", "thử nghiệm"]);
    }
    command.arg("--data").arg(data);
    command
}

/// The same, on the data folder `data`.
pub fn run_on(data: &Path, words: &[&str]) -> Ran {
    command_on(data, words).output().expect("dinh starts").into()
}

/// The same, with `input` on its stdin.
pub fn run_on_with(data: &Path, words: &[&str], input: &str) -> Ran {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = command_on(data, words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("dinh starts");
    child.stdin.take().unwrap().write_all(input.as_bytes()).expect("dinh reads its input");
    child.wait_with_output().expect("dinh ends").into()
}
