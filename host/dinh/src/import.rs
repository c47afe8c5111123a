//! `dinh account import` where it is typed: the report on stdout, the temporary passwords in a file of their own.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::reply::Reply;

/// The answer's member that holds login, name, unit, address and password of each account.
pub const PASSWORDS: &str = "passwords";

/// The heads of the file.
const HEADS: [&str; 5] = ["login", "full name", "unit", "e-mail", "temporary password"];

/// Asks, with a file for the passwords made before, so that none is lost for want of one: it is new and its owner's
/// alone, and it is gone when there are no passwords to keep.
pub fn keeping_passwords(path: Option<&Path>, ask: impl FnOnce() -> Result<Reply>) -> Result<Reply> {
    let Some(path) = path else { return ask() };
    let shown = path.display();
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot make {shown} for the passwords; nothing was imported"))?;
    let answered = ask().map(|mut reply| {
        let secrets = reply.value.as_object_mut().and_then(|value| value.remove(PASSWORDS));
        (reply, secrets)
    });
    match answered {
        Ok((reply, Some(secrets))) => {
            let rows: Vec<[String; 5]> = serde_json::from_value(secrets)?;
            file.write_all(csv(&rows).as_bytes()).and_then(|()| file.sync_all()).with_context(|| {
                format!(
                    "the accounts were asked for, but {shown} cannot be written; refuse or withdraw the request and import again"
                )
            })?;
            Ok(reply)
        }
        other => {
            fs::remove_file(path).with_context(|| format!("cannot remove {shown}, which is empty"))?;
            other.map(|(reply, _)| reply)
        }
    }
}

/// Ends with exit code 1 when a row is wrong.
pub fn judge(reply: &Reply) -> Result<()> {
    let faults = reply.value.get("faults").and_then(|faults| faults.as_array()).map_or(0, Vec::len);
    if faults > 0 {
        bail!("nothing was imported; correct the rows that the report names and import the file again");
    }
    Ok(())
}

/// A table as spreadsheets read it: UTF-8 with its mark, every cell quoted, and none that is run as a formula.
fn csv(rows: &[[String; 5]]) -> String {
    let heads = HEADS.map(str::to_owned);
    let mut text = String::from("\u{feff}");
    for row in std::iter::once(&heads).chain(rows) {
        let cells = row.each_ref().map(|cell| {
            let guard = if cell.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
            format!("\"{guard}{}\"", cell.replace('"', "\"\""))
        });
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use serde_json::json;

    use super::*;

    fn reply(value: serde_json::Value) -> Reply {
        Reply { value, text: String::new() }
    }

    #[test]
    fn passwords_go_to_a_file_of_the_owners_alone_and_not_to_the_answer() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("passwords.csv");
        let row = json!(["nvan-stc", "=A1 \"An\"", "stc", "", "kmwp-7xqd-h4tn-abcd"]);
        let kept =
            keeping_passwords(Some(&path), || Ok(reply(json!({ "rows": 1, "passwords": [row] })))).unwrap();
        assert_eq!(kept.value, json!({ "rows": 1 }));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.ends_with("\"nvan-stc\",\"'=A1 \"\"An\"\"\",\"stc\",\"\",\"kmwp-7xqd-h4tn-abcd\"\r\n"),
            "{text}"
        );
        // A file that is there is never written over, and then nothing is asked.
        let again = keeping_passwords(Some(&path), || panic!("asked"));
        assert!(again.unwrap_err().to_string().contains("nothing was imported"));
    }

    #[test]
    fn without_passwords_no_file_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("passwords.csv");
        let faulty =
            keeping_passwords(Some(&path), || Ok(reply(json!({ "faults": [{ "line": 2 }] })))).unwrap();
        assert!(!path.exists());
        assert!(judge(&faulty).is_err());
        assert!(keeping_passwords(Some(&path), || bail!("refused")).is_err());
        assert!(!path.exists());
        assert!(judge(&reply(json!({ "faults": [] }))).is_ok());
    }
}
