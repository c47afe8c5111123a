//! `dinh doctor`: how the store is, what is free in it, whether every page is as it was written.
//!
//! The report needs nothing but the store, so it works beside a running server. Checking and compacting need
//! the file alone: the server must be stopped, and nothing starts meanwhile.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use dinh_model::Localized;
use dinh_services::permissions::AUDIT_READ;
use dinh_services::records::Volume;
use dinh_services::secrets;
use dinh_store::backend::Backend;
use dinh_store::backend::disk::Disk;
use dinh_store::{Direction, Snapshot};
use serde::Serialize;

use super::Authority;
use crate::folder::{self, Folder, FolderError};
use crate::house::{House, require_store};
use crate::reply::Reply;

/// Below this much free room on the disk, or a quarter of what is live, writing may soon fail.
const SCARCE: u64 = 256 << 20;
/// From this much on, if it is as much as what is live, compacting is worth stopping the server for.
const WORTH_COMPACTING: u64 = 64 << 20;

/// How a store is.
#[derive(Serialize)]
struct Report {
    /// The version of the folder's layout.
    format: u32,
    /// The length of the store's file.
    file_bytes: u64,
    /// What of it holds the present state.
    live_bytes: u64,
    /// Room within that which later writes may fill.
    unfilled_bytes: u64,
    /// What of it is free: used again by later writes, given back by compacting.
    reclaimable_bytes: u64,
    /// What is free on the file system.
    disk_free_bytes: u64,
    /// The number of the last commit.
    last_commit: u64,
    /// How many entries of evidence there are.
    evidence_entries: u64,
    /// Large imports that are neither published nor given up, and what they have staged.
    imports: u64,
    staged_values: u64,
    /// What keeps the keys of what is sealed, in both languages.
    keys_kept_by: Localized,
    /// The keys, and whether each can be used.
    keys: Vec<super::key::Shown>,
    /// By how many seconds the machine's clock stands before the last commit, when nothing is written for that.
    clock_behind_seconds: Option<u64>,
    /// What to do.
    advice: String,
}

/// How the store of `house` is.
pub(super) fn perform(house: &House, authority: &Authority) -> Result<Reply> {
    // The owner of the folder can measure its files anyway.
    if !authority.is_operator() {
        authority.perform(house.platform(), "doctor", |call| call.require_everywhere(&AUDIT_READ))?;
    }
    let store = house.platform().store();
    let usage = store.usage()?;
    let snapshot = store.snapshot()?;
    let path = house.folder().path();
    let disk = rustix::fs::statvfs(path)
        .with_context(|| format!("cannot look at the disk of {}", path.display()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let keys: Vec<_> =
        secrets::key_states(house.platform())?.into_iter().map(super::key::Shown::from).collect();
    let problems: Vec<_> = keys.iter().filter_map(|key| key.problem.clone()).collect();
    let behind = house.platform().clock_behind().map(|behind| behind.as_secs());
    let report = Report {
        format: folder::FORMAT,
        file_bytes: usage.file,
        live_bytes: usage.live,
        unfilled_bytes: usage.unfilled,
        reclaimable_bytes: usage.reclaimable(),
        disk_free_bytes: free,
        last_commit: snapshot.seq().0,
        evidence_entries: snapshot.evidence_len(),
        imports: snapshot.batches().count() as u64,
        staged_values: snapshot.batches().map(|(_, values)| values).sum(),
        keys_kept_by: house.platform().keys_are(),
        keys,
        clock_behind_seconds: behind,
        advice: behind.map(clock_advice).unwrap_or_else(|| advice(usage.live, usage.reclaimable(), free)),
    };
    let mut lines = vec![
        ("format", report.format.to_string()),
        ("file", size(report.file_bytes)),
        ("live", format!("{} ({} of it not filled)", size(report.live_bytes), size(report.unfilled_bytes))),
        ("reclaimable", size(report.reclaimable_bytes)),
        ("free on the disk", size(report.disk_free_bytes)),
        ("last commit", report.last_commit.to_string()),
        ("evidence", format!("{} entries", report.evidence_entries)),
        (
            "imports open",
            format!("{} ({} values that nobody sees yet)", report.imports, report.staged_values),
        ),
        ("keys", format!("{} kept; {}", report.keys.len(), report.keys_kept_by.vi)),
        ("", report.keys_kept_by.en.clone()),
        (
            "clock",
            behind.map_or_else(|| "right".to_owned(), |seconds| format!("{} minutes behind", seconds / 60)),
        ),
    ];
    lines.extend(problems.into_iter().map(|problem| ("sealed", problem)));
    lines.push(("what to do", report.advice.clone()));
    Ok(Reply::facts(report, &lines))
}

/// What to do about a clock that was set back.
fn clock_advice(seconds: u64) -> String {
    format!(
        "set the machine's clock right: it stands {} minutes before the last entry of the evidence, and until then nothing is written; if it is right now and was ahead before, `dinh doctor --accept-clock --as-operator --reason …`",
        seconds / 60
    )
}

/// Takes the machine's clock for right that stands before the last commit.
pub(super) fn accept_clock(house: &House, authority: &Authority) -> Result<Reply> {
    authority.may_change()?;
    let origin = authority.origin(house.platform(), "doctor accept-clock")?;
    let seconds = house.platform().accept_clock(&origin)?.as_secs();
    let text = format!(
        "time goes on from the machine's clock, {} minutes before the last entry; what had ended in between may be in force again",
        seconds / 60
    );
    Ok(Reply::done(serde_json::json!({ "behind_seconds": seconds }), text))
}

/// What to do, in one sentence.
fn advice(live: u64, reclaimable: u64, free: u64) -> String {
    if free < SCARCE.max(live / 4) {
        return format!(
            "free space on the disk: {} left, and changes are refused when there is none",
            size(free)
        );
    }
    if reclaimable > WORTH_COMPACTING.max(live) {
        return format!(
            "nothing is urgent; `dinh doctor --compact`, with the server stopped, gives back up to {}",
            size(reclaimable)
        );
    }
    "nothing".to_owned()
}

/// Checks every page, every value and the whole evidence, and changes none of them; opening the store writes a few
/// bytes of its own.
pub fn check(data: &Path) -> Result<Reply> {
    let folder = alone(data)?;
    let file = folder.store();
    require_store(&file)?;
    Disk::check(&file, dinh_store::Options::default().cache_bytes)?;
    let house = House::mend(folder)?;
    let snapshot = house.platform().store().snapshot()?;
    let mut rows = snapshot.range(b"", None, Direction::Forward);
    let mut count = 0u64;
    while rows.step()?.is_some() {
        count += 1;
    }
    let evidence = snapshot.evidence_log().verify(&[])?;
    if let Some(finding) = evidence.findings.first() {
        bail!("the evidence is not as it was written: {finding}; restore the latest backup");
    }
    if let Some(plugin) = miscounted(&snapshot)? {
        bail!("{plugin}; nothing is lost, but its limits are held to the wrong figures: tell the developers");
    }
    house.close()?;
    let value = serde_json::json!({ "damaged": false, "rows": count, "evidence_entries": evidence.entries });
    let text = format!("{} is whole: {count} rows, {} entries of evidence", file.display(), evidence.entries);
    Ok(Reply::lines(value, text))
}

/// A plugin whose counters are not what a recount finds.
fn miscounted(snapshot: &Snapshot) -> Result<Option<String>> {
    for (id, number) in dinh_runtime::registered(snapshot)? {
        let (counted, found) = (Volume::of(snapshot, number)?, Volume::recount(snapshot, number)?);
        if counted != found {
            return Ok(Some(format!(
                "{id} is counted to keep {} records of {} bytes, and keeps {} of {}",
                counted.records, counted.row_bytes, found.records, found.row_bytes
            )));
        }
    }
    Ok(None)
}

/// Gives the free room of the file back to the file system.
pub fn compact(data: &Path) -> Result<Reply> {
    let folder = alone(data)?;
    let file = folder.store();
    let length = || {
        let found = fs::metadata(&file).with_context(|| format!("cannot look at {}", file.display()))?;
        Ok::<_, anyhow::Error>(found.len())
    };
    require_store(&file)?;
    // A damaged file is not rewritten: what can still be saved from it would be lost, and it may never end.
    Disk::check(&file, dinh_store::Options::default().cache_bytes)?;
    // Whatever opening has to say against this store is said before its file is touched.
    let house = House::mend(folder)?;
    house.close()?;
    let folder = house.into_folder();
    let before = length()?;
    let disk = Disk::open(&file, dinh_store::Options::default().cache_bytes)?;
    disk.compact()?;
    disk.close()?;
    let after = length()?;
    let house = House::mend(folder)?;
    Authority::operator().perform(house.platform(), "doctor compact", |_| Ok(()))?;
    house.close()?;
    let value = serde_json::json!({ "file_bytes_before": before, "file_bytes": after });
    let text = match before.checked_sub(after) {
        Some(given @ 1..) => format!("{} given back; {} has {}", size(given), file.display(), size(after)),
        _ => format!("there was nothing to give back; {} has {}", file.display(), size(after)),
    };
    Ok(Reply::lines(value, text))
}

/// The folder, with nobody else in it.
fn alone(data: &Path) -> Result<Folder> {
    match Folder::open(data) {
        Err(FolderError::Locked { path }) => bail!(
            "{} is open in another process, and this needs it alone: stop its server, then try again",
            path.display()
        ),
        opened => Ok(opened?),
    }
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    let unit = |power: u32, name: &str| {
        let tenths = u128::from(bytes) * 10 / (1u128 << power);
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    };
    match bytes {
        0..0x400 => format!("{bytes} bytes"),
        0x400..0x10_0000 => unit(10, "KiB"),
        0x10_0000..0x4000_0000 => unit(20, "MiB"),
        _ => unit(30, "GiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_given_in_the_unit_people_would_use() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1536, "1.5 KiB"),
            (1 << 20, "1.0 MiB"),
            (10 << 30, "10.0 GiB"),
        ] {
            assert_eq!(size(bytes), text);
        }
        assert!(size(u64::MAX).ends_with("GiB"));
    }

    #[test]
    fn the_advice_names_the_urgent_before_the_useful() {
        let (mega, giga) = (1 << 20, 1 << 30);
        assert_eq!(advice(giga, giga / 2, 10 * giga), "nothing");
        assert_eq!(advice(mega, 3 * mega, 10 * giga), "nothing", "so little is not worth a stop");
        assert!(advice(giga, 2 * giga, 10 * giga).contains("--compact"));
        for (live, free) in [(mega, 100 * mega), (8 * giga, giga)] {
            assert!(advice(live, 20 * giga, free).starts_with("free space on the disk: "));
        }
    }
}
