//! The key that signs the heads of the evidence, in a file of its own: beside the store, not in it, so that a
//! copy of the store alone cannot continue the log.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use dinh_store::Signer;

/// The file, in a data folder.
pub const KEY_FILE: &str = "evidence.key";

/// Reads the key of a data folder.
pub fn read(data: &Path) -> Result<Signer> {
    let file = data.join(KEY_FILE);
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("{} is missing: it signs the evidence; restore it from the backup", file.display())
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
    };
    Signer::parse(text.trim_end()).with_context(|| format!("{} is not a key: restore it", file.display()))
}

/// Reads the key, or makes one for a new log: its name, `dinh/` and sixteen random digits, is the log's origin
/// for ever.
pub fn read_or_make(data: &Path) -> Result<Signer> {
    let file = data.join(KEY_FILE);
    if file.try_exists().with_context(|| format!("cannot look at {}", file.display()))? {
        return read(data);
    }
    let (mut name, mut seed) = ([0; 8], [0; 32]);
    getrandom::fill(&mut name)
        .and_then(|()| getrandom::fill(&mut seed))
        .map_err(|error| anyhow::anyhow!("cannot draw a key: {error}"))?;
    let origin = format!("dinh/{}", data_encoding::HEXLOWER.encode(&name));
    let signer = Signer::from_seed(&origin, seed).context("cannot make the key of the evidence")?;
    // Under another name first: a key is there whole or not at all.
    let part = data.join("evidence.key.part");
    let write = || -> std::io::Result<()> {
        let mut to = fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        writeln!(to, "{}", signer.to_text())?;
        to.sync_all()?;
        fs::rename(&part, &file)?;
        fs::File::open(data)?.sync_all()
    };
    write().with_context(|| format!("cannot write {}", file.display()))?;
    Ok(signer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().contains("restore it from the backup"));
        let made = read_or_make(folder.path()).unwrap().verifier().to_string();
        assert!(made.starts_with("dinh/"), "{made}");
        assert_eq!(read_or_make(folder.path()).unwrap().verifier().to_string(), made);
        assert_eq!(read(folder.path()).unwrap().verifier().to_string(), made);
        fs::write(folder.path().join(KEY_FILE), "").unwrap();
        for outcome in [read(folder.path()), read_or_make(folder.path())] {
            assert!(outcome.unwrap_err().to_string().contains("is not a key"));
        }
    }
}
