//! Hands the head of the log to a file that somebody else keeps: a stick that is carried away, a share of another
//! unit. Who holds the file can tell later whether the log's past was touched, also by us (`docs/evidence.md`).
//!
//! The file is only ever appended to. Before that, its last head must be a past of the present log; when it is
//! not, nothing is appended and the alarm goes on until somebody looks: what the file says is then the proof.

use std::fs::{File, Permissions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use dinh_merkle::{Checkpoint, Note, Verifier, consistency, notes, verify_consistency};
use dinh_model::{Actor, PluginId};
use dinh_services::Platform;
use dinh_store::{Entry, EvidenceLog, Outcome};
use parking_lot::Mutex;

/// How long after a failure it is tried again at the latest.
const RETRY: Duration = Duration::from_secs(60);

/// How much of the end of the file is read: many heads, whatever is before them.
const TAIL: u64 = 64 << 10;

/// A file to which heads are handed.
pub struct Witness {
    file: PathBuf,
    every: Duration,
    state: Mutex<State>,
}

/// What was said already.
#[derive(Default)]
struct State {
    failing: bool,
    contradicted: bool,
}

/// What came of handing over a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handed {
    /// It was appended.
    Appended,
    /// The file has it already, or there is none yet.
    Nothing,
    /// The file could not be used; it is tried again.
    Failed,
    /// The file says something else about the log. Nothing was appended.
    Contradicted,
}

impl Handed {
    /// As monitoring has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Appended => "appended",
            Self::Nothing => "nothing",
            Self::Failed => "failed",
            Self::Contradicted => "contradicted",
        }
    }
}

/// Why no head was handed over.
enum Trouble {
    /// The file cannot be used at the moment.
    Unusable(anyhow::Error),
    /// What the file says and what the log is do not fit.
    Contradiction(String),
}

impl<E: Into<anyhow::Error>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Unusable(error.into())
    }
}

impl Witness {
    /// A witness at `file`, an absolute path, looked at every so often.
    ///
    /// # Errors
    /// When the file lies in the data folder, where it would be set back together with the log.
    pub fn new(file: PathBuf, every: Duration, data: &Path) -> Result<Self> {
        let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        // The file itself may be a link that leads there.
        let inside = |path: &Path| whole(path).starts_with(whole(data));
        if inside(&file) || file.parent().is_some_and(inside) {
            bail!(
                "witness.file {} is in the data folder, where it would be set back and lost together with the log: \
                 name a place outside, best on another machine",
                file.display()
            );
        }
        Ok(Self { file, every, state: Mutex::default() })
    }

    /// Hands heads over, at once and then on schedule, until it is dropped; `told` hears what came of each.
    pub async fn keep(self: Arc<Self>, platform: Arc<Platform>, told: impl Fn(Handed)) {
        loop {
            let handed = self.hand(&platform).await;
            told(handed);
            let next = if handed == Handed::Failed { self.every.min(RETRY) } else { self.every };
            tokio::time::sleep(next).await;
        }
    }

    /// Hands the present head over, apart from the threads that serve.
    pub async fn hand(self: &Arc<Self>, platform: &Arc<Platform>) -> Handed {
        let (witness, platform) = (Arc::clone(self), Arc::clone(platform));
        let handed = tokio::task::spawn_blocking(move || witness.hand_now(&platform)).await;
        handed.unwrap_or(Handed::Failed)
    }

    /// Hands the present head over.
    pub fn hand_now(&self, platform: &Platform) -> Handed {
        let mut state = self.state.lock();
        let file = self.file.display();
        let handed = match self.append(platform) {
            Ok(handed) => handed,
            Err(Trouble::Contradiction(what)) => {
                tracing::error!(
                    %file, what,
                    "the log is not a continuation of what the witness file says: keep the file, stop the server, \
                     and run `dinh audit verify --heads` with it"
                );
                if !std::mem::replace(&mut state.contradicted, true) {
                    note(platform, &what);
                }
                return Handed::Contradicted;
            }
            Err(Trouble::Unusable(error)) => {
                if !std::mem::replace(&mut state.failing, true) {
                    let error = crate::reply::refusal(&error);
                    tracing::error!(%file, error, "the witness file gets no heads; it is tried again");
                }
                return Handed::Failed;
            }
        };
        state.contradicted = false;
        if std::mem::replace(&mut state.failing, false) {
            tracing::info!(%file, "the witness file gets heads again");
        }
        handed
    }

    fn append(&self, platform: &Platform) -> Result<Handed, Trouble> {
        let snapshot = platform.store().snapshot()?;
        let log = snapshot.evidence_log();
        let Some(note) = log.head()? else { return Ok(Handed::Nothing) };
        let key = Verifier::parse(&log.verifier_key()?)?;
        let head = open(&note, &key).map_err(Trouble::Contradiction)?;
        let (mut file, made) = self.open()?;
        let (last, ends) = last(&mut file).with_context(|| format!("cannot read {}", self.file.display()))?;
        if let Some(last) = last {
            // Half a head, from a disk that was full or a stick that was pulled out, contradicts nothing.
            if Note::parse(&last).is_err() || (!ends && open(&last, &key).is_err()) {
                let shown = self.file.display();
                let error = anyhow!("{shown} ends in what is no whole head; take those last lines out of it");
                return Err(Trouble::Unusable(error));
            }
            let last = open(&last, &key).map_err(|what| {
                Trouble::Contradiction(format!("its last head is none of this log's: {what}"))
            })?;
            continues(log, &last, &head)?;
            if last.size == head.size {
                return Ok(Handed::Nothing);
            }
        }
        // Somebody may have saved the file without its last line end.
        let note = if ends { note } else { format!("\n{note}") };
        let mut write = || -> std::io::Result<()> {
            file.write_all(note.as_bytes())?;
            file.sync_all()?;
            match (made, self.file.parent()) {
                (true, Some(folder)) => File::open(folder)?.sync_all(),
                _ => Ok(()),
            }
        };
        write().with_context(|| format!("cannot write {}", self.file.display()))?;
        Ok(Handed::Appended)
    }

    /// The file, and whether it was made just now.
    fn open(&self) -> Result<(File, bool)> {
        let shown = self.file.display();
        let mut options = File::options();
        options.read(true).append(true);
        match options.open(&self.file) {
            Ok(file) if file.metadata()?.is_file() => Ok((file, false)),
            Ok(_) => bail!("{shown} is no plain file"),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let made = options.create_new(true).open(&self.file);
                let file = made.with_context(|| format!("cannot make {shown}"))?;
                // A head is for everybody to read; what else we make is not.
                file.set_permissions(Permissions::from_mode(0o644))?;
                Ok((file, true))
            }
            Err(error) => Err(error).with_context(|| format!("cannot open {shown}")),
        }
    }
}

/// The last note of a file, and whether its last line is whole.
fn last(file: &mut File) -> Result<(Option<String>, bool)> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    let tail = String::from_utf8_lossy(&tail);
    // A file of one head may begin with the mark that editors put before a text.
    let tail = tail.strip_prefix('\u{feff}').unwrap_or(&tail);
    let last = notes(tail).last().map(|(_, note)| note.trim_end_matches('\n').to_owned() + "\n");
    Ok((last, tail.is_empty() || tail.ends_with('\n')))
}

fn open(note: &str, key: &Verifier) -> Result<Checkpoint, String> {
    let (head, _) = Checkpoint::open(note, std::slice::from_ref(key)).map_err(|error| error.to_string())?;
    if head.origin != key.name() {
        return Err(format!("it is of the log {}, and this one is {}", head.origin, key.name()));
    }
    Ok(head)
}

/// Whether `last` is a past of the log, whose head is `head`.
fn continues(log: EvidenceLog<'_>, last: &Checkpoint, head: &Checkpoint) -> Result<(), Trouble> {
    if last.size > head.size {
        return Err(Trouble::Contradiction(crate::evidence::cut_off(last.size, head.size)));
    }
    let proof = consistency(&log, last.size, head.size)?;
    let proved = verify_consistency(last.size, head.size, &last.root, &head.root, &proof);
    proved.map_err(|_| Trouble::Contradiction(crate::evidence::rewritten(last.size)))
}

/// Puts the alarm into the evidence itself, once.
fn note(platform: &Platform, what: &str) {
    let Ok(ourselves) = PluginId::PLATFORM.parse() else { return };
    let entry = Entry {
        at: platform.clock().now(),
        actor: Actor::Service(ourselves),
        plugin: None,
        action: "witness.contradicted".into(),
        subject: "evidence:head".into(),
        records: Vec::new(),
        outcome: Outcome::Failed,
        detail: [("reason".to_owned(), what.to_owned())].into(),
    };
    if let Err(error) = platform.store().witness(vec![entry]) {
        tracing::error!(%error, "the alarm of the witness could not be put into the evidence");
    }
}

#[cfg(test)]
mod tests;
