//! `dinh init`: a new data folder, whole or not at all (`docs/decisions/0006`).

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use dinh_services::catalog;
use serde_json::json;

use crate::cli::Init;
use crate::config::Config;
use crate::deeds::{self, Authority};
use crate::folder::{self, Folder};
use crate::house::House;
use crate::reply::Reply;
use crate::{demo, log, print};

/// Why `init` acts beside the rules: there is nobody yet.
pub const BEGINNING: &str = "dinh init";

/// Makes a data folder.
pub fn init(options: &Init) -> Result<()> {
    log::start("warn")?;
    // What stands against it, or is missing, is said before anything is begun.
    Folder::may_begin(&options.data)?;
    let config = Config::read(options.config.as_deref())?;
    let files = options.demo.then(|| demo_files(options.demo_files.as_deref())).transpose()?;
    let beginning = options.beginning.as_ref();
    let passwords = beginning.map(|it| deeds::passwords(it.wanted().gather()?)).transpose()?;
    let house = House::begin(Folder::begin(&options.data)?, &config)?;
    let filled = fill(&house, files.as_deref()).and_then(|accounts| match (beginning, &passwords) {
        (Some(beginning), Some(passwords)) => {
            Authority::operator()
                .because(BEGINNING)
                .perform(house.platform(), "init", |call| beginning.begin(call, passwords))
                .context("cannot begin with these two people")?;
            Ok(2)
        }
        _ => Ok(accounts),
    });
    house.close()?;
    let accounts = filled?;
    house.into_folder().finish()?;

    let (place, data) = (options.data.display(), word(&options.data.to_string_lossy()));
    // Whoever typed this by `sudo` types the next ones so, too: the folder is not theirs.
    let sudo =
        std::env::var_os("SUDO_USER").map(|_| format!("sudo -u {} ", folder::us())).unwrap_or_default();
    let mut text = format!("{place} is ready: {sudo}dinh serve --data {data}");
    match beginning {
        Some(beginning) => text.push_str(&format!("\n{}.", beginning.sentence())),
        None if options.demo => {}
        None => text.push_str(&format!(
            "\nNobody can sign in yet. Two people begin, each with a password of their own; with your own names:\n  \
             {sudo}dinh account begin --unit tinh --unit-name 'Tỉnh …' --first quantri --first-name 'Họ và tên' \
             --second giamdoc --second-name 'Họ và tên' --data {data} --as-operator --reason 'Khởi tạo hệ thống'",
        )),
    }
    let value = json!({ "data": options.data, "demo": options.demo, "accounts": accounts });
    print(&Reply { value, text }, options.json)
}

/// What every folder begins with, and the demo when it is wanted; how many accounts there are then.
fn fill(house: &House, demo_files: Option<&Path>) -> Result<usize> {
    Authority::operator()
        .because(BEGINNING)
        .perform(house.platform(), "init", catalog::ship)
        .context("cannot lay the shipped catalogs")?;
    match demo_files {
        Some(files) => demo::fill(house, files, &mut progress),
        None => Ok(0),
    }
}

/// Where the demo's plugins and tables are.
fn demo_files(chosen: Option<&Path>) -> Result<PathBuf> {
    let folder = match chosen {
        Some(folder) => folder.to_owned(),
        None => std::env::current_exe()
            .context("cannot tell where this program is; say --demo-files DIR")?
            .ancestors()
            .nth(2)
            .map(|above| above.join("plugins"))
            .unwrap_or_default(),
    };
    for file in demo::files() {
        if !folder.join(&file).is_file() {
            bail!(
                "{} is missing: `cargo xtask demo` builds it; or say where it is with --demo-files DIR",
                folder.join(&file).display()
            );
        }
    }
    Ok(folder)
}

/// A text as one word of a shell's command line.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+@%:,".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// Long steps say what they do, on stderr.
fn progress(line: &str) {
    let _ = writeln!(std::io::stderr(), "  {line}");
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_path_that_a_shell_would_take_apart_is_quoted() {
        assert_eq!(word("/var/lib/dinh"), "/var/lib/dinh");
        assert_eq!(word("/srv/tỉnh ta/$x"), "'/srv/tỉnh ta/$x'");
        assert_eq!(word("it's"), r"'it'\''s'");
    }
}
