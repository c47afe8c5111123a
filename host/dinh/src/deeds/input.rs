//! What a deed needs beside its words: a password, a file. Gathered where the command is typed, so that paths
//! mean what they mean there and passwords never stand on a command line.

use std::fmt;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What a deed wants to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing.
    Nothing,
    /// A new password.
    Password {
        /// From standard input; else it is asked for on the terminal.
        stdin: bool,
    },
    /// The passwords of two people, each of whom types one.
    Passwords {
        /// From standard input, a line each; else they are asked for on the terminal.
        stdin: bool,
        /// Whose.
        of: [String; 2],
    },
    /// The content of a file.
    File {
        /// Which.
        path: PathBuf,
        /// Most bytes it may have.
        most: u64,
    },
}

/// What a deed is given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Input {
    /// The new password.
    pub password: Option<Secret>,
    /// The passwords of two people.
    #[serde(default)]
    pub passwords: Option<[Secret; 2]>,
    /// The content of the file.
    pub file: Option<Bytes>,
}

impl Wanted {
    /// Gathers it.
    pub fn gather(self) -> Result<Input> {
        Ok(match self {
            Self::Nothing => Input::default(),
            Self::Password { stdin } => {
                Input { password: Some(Secret(password(stdin, None)?)), ..Input::default() }
            }
            Self::Passwords { stdin, of: [first, second] } => {
                let both = [password(stdin, Some(&first))?, password(stdin, Some(&second))?];
                Input { passwords: Some(both.map(Secret)), ..Input::default() }
            }
            Self::File { path, most } => {
                let mut content = Vec::new();
                let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
                file.take(most + 1)
                    .read_to_end(&mut content)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                if content.len() as u64 > most {
                    bail!("{} is larger than {} MiB", path.display(), most >> 20);
                }
                Input { file: Some(Bytes(content)), ..Input::default() }
            }
        })
    }
}

/// A new password, of whom if it is one of several.
fn password(stdin: bool, of: Option<&str>) -> Result<String> {
    if stdin {
        let mut line = String::new();
        io::stdin().read_line(&mut line).context("cannot read the password from standard input")?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    if !io::stdin().is_terminal() {
        bail!(
            "there is no terminal to ask for the password on; pipe it in and say {}",
            match of {
                Some(_) => "--passwords-stdin",
                None => "--password-stdin",
            }
        );
    }
    let whose = of.map_or_else(String::new, |login| format!(" of {login}, who types it"));
    let first = rpassword::prompt_password(format!("New password{whose}: "))
        .context("cannot ask for the password")?;
    if first != rpassword::prompt_password("Once more: ").context("cannot ask for the password")? {
        bail!("the two passwords differ; nothing was changed");
    }
    Ok(first)
}

/// A text that is not shown by accident.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Bytes, in JSON as base64.
#[derive(Clone)]
pub struct Bytes(pub Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64.decode(text.as_bytes()).map(Self).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_shows_in_a_log_and_bytes_survive_json() {
        let input = Input {
            password: Some(Secret("rất-bí-mật".into())),
            file: Some(Bytes(vec![0, 255, 10])),
            ..Input::default()
        };
        assert!(!format!("{input:?}").contains("rất-bí-mật"));
        let line = serde_json::to_string(&input).unwrap();
        assert!(!line.contains('\n'));
        let back: Input = serde_json::from_str(&line).unwrap();
        assert_eq!(back.file.unwrap().0, [0, 255, 10]);
        assert_eq!(back.password.unwrap().0, "rất-bí-mật");
    }

    #[test]
    fn a_file_that_is_too_large_or_not_there_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), [0; 11]).unwrap();
        let path = file.path().to_owned();
        assert!(Wanted::File { path: path.clone(), most: 11 }.gather().is_ok());
        let refused = Wanted::File { path: path.clone(), most: 10 }.gather().unwrap_err().to_string();
        assert!(refused.contains(&path.display().to_string()), "{refused}");
        let missing = Wanted::File { path: "/nowhere/table.csv".into(), most: 10 }.gather().unwrap_err();
        assert!(missing.to_string().contains("/nowhere/table.csv"), "{missing}");
    }
}
