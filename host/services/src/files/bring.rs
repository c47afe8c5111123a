//! Bringing a file: its pieces are sealed and written as they come, and its head makes it a file.

use std::sync::Arc;

use dinh_model::{AccountId, FileId, Label, time};
use sha2::{Digest, Sha256};

use super::admit::{make_room, may_bring, room};
use super::kind::Kind;
use super::model::{About, Due, FileInfo, FileLimits, Head, PIECE, Standing};
use super::{keys, name, see};
use crate::records::PluginData;
use crate::secrets::KeyOwner;
use crate::{Call, Origin, Platform, ServiceError};

/// A file on its way. Where it is let go of without [giving it up](Platform::give_up_file), what was written of it is
/// swept away when its time is over.
pub struct Bringing {
    data: Arc<PluginData>,
    origin: Origin,
    id: FileId,
    name: String,
    kind: Option<Kind>,
    hash: Sha256,
    size: u64,
    /// Pieces that are written.
    written: u32,
    /// What is not written yet: less than a piece, or one that may be the last.
    held: Vec<u8>,
    due: i64,
    /// Bytes that it is counted for among those of the plugin's files.
    counted: u64,
}

/// Bytes that a file on its way is counted for at once: files that come at the same time seldom meet at the count.
const LUMP: u64 = 16 * PIECE as u64;

impl Platform {
    /// Begins to bring a file called `name`, to be written to and then finished. Only people bring files, and only who
    /// may add or change records that hold files; whoever may not is told why.
    pub fn bring_file(
        &self,
        origin: &Origin,
        data: &Arc<PluginData>,
        name: &str,
    ) -> Result<Bringing, ServiceError> {
        let (id, due) = self.perform(origin, |call| {
            may_bring(call, data)?;
            let waits = i64::try_from(call.common.file_limits.waits.as_micros()).unwrap_or(i64::MAX);
            Ok((call.new_record_id(), time::microseconds(call.now()).saturating_add(waits)))
        })?;
        Ok(Bringing {
            data: Arc::clone(data),
            origin: origin.clone(),
            id,
            name: name::clean(name),
            kind: None,
            hash: Sha256::new(),
            size: 0,
            written: 0,
            held: Vec::new(),
            due,
            counted: 0,
        })
    }

    /// Takes the next bytes of a file, as many as come at once. What is full of them is written, each piece by a change
    /// of its own that nobody sees.
    ///
    /// # Errors
    /// With the first byte that is too many for a file, or for all files of the plugin; when files of its type are not
    /// taken. After an error the file is given up.
    pub fn bring_bytes(&self, file: &mut Bringing, bytes: &[u8]) -> Result<(), ServiceError> {
        let taken = self.take_bytes(file, bytes);
        taken.inspect_err(|_| self.give_up_file(file))
    }

    fn take_bytes(&self, file: &mut Bringing, mut bytes: &[u8]) -> Result<(), ServiceError> {
        file.size = file.size.saturating_add(bytes.len() as u64);
        let most = self.options.files.file_bytes.min(FileLimits::LARGEST);
        if file.size > most {
            return Err(too_large(&file.name, most));
        }
        while !bytes.is_empty() {
            // A whole piece is written once more comes: only then it is not the last.
            if file.held.len() == PIECE {
                self.write_piece(file)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - file.held.len()));
            file.held.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn write_piece(&self, file: &mut Bringing) -> Result<(), ServiceError> {
        file.look(false)?;
        let origin = self.now_of(&file.origin);
        file.counted = self.perform(&origin, |call| {
            let account = may_bring(call, &file.data)?;
            file.still_there(call)?;
            let counted = file.count(call)?;
            if file.written == 0 {
                file.wait(call, account)?;
            }
            file.put_piece(call, false)?;
            let due = Due { counted, waits_for: Some(account), ..file.unfinished() };
            call.save(keys::due(file.due, file.data.number, file.id), &due)?;
            Ok(counted)
        })?;
        file.next();
        Ok(())
    }

    /// Makes it a file, which waits to be attached by whoever brought it.
    pub fn finish_file(&self, mut file: Bringing) -> Result<FileInfo, ServiceError> {
        let finished = self.finish_bytes(&mut file);
        finished.inspect_err(|_| self.give_up_file(&file))
    }

    /// Removes what was written of a file that is not going to be finished. Where that fails, it is swept away when its
    /// time is over.
    pub fn give_up_file(&self, file: &Bringing) {
        if file.written == 0 {
            return;
        }
        if let Err(error) = self.remove_due(file.due, file.data.number, file.id) {
            tracing::warn!(%error, file = %file.id, "what came of a file could not be removed; it will be swept away");
        }
    }

    fn finish_bytes(&self, file: &mut Bringing) -> Result<FileInfo, ServiceError> {
        if file.size == 0 {
            return Err(ServiceError::invalid(
                format!("Tệp “{}” không có nội dung. Hãy chọn tệp khác.", file.name),
                format!("The file “{}” is empty. Choose another.", file.name),
            ));
        }
        file.look(true)?;
        let Some(kind) = &file.kind else { return Err(damaged()) };
        let sha256 = file.hash.clone().finalize().into();
        let about = About { name: file.name.clone(), media: kind.media, size: file.size, sha256 };
        let origin = self.now_of(&file.origin);
        self.perform(&origin, |call| file.finish(call, &about))
    }

    /// The origin of the next step: a body may take minutes to arrive, and rights end meanwhile.
    fn now_of(&self, origin: &Origin) -> Origin {
        let fresh = self.origin(origin.actor.clone(), origin.language);
        Origin { now: fresh.now, ..origin.clone() }
    }
}

impl Bringing {
    /// Its identifier.
    pub fn id(&self) -> FileId {
        self.id
    }

    fn owner(&self) -> KeyOwner<'_> {
        KeyOwner { number: self.data.number, id: &self.data.plugin }
    }

    fn unfinished(&self) -> Due {
        Due { plugin: self.data.plugin.to_string(), counted: 0, waits_for: None, finished: false }
    }

    /// Counts what is about to be written; for how much the file is counted then.
    fn count(&self, call: &mut Call) -> Result<u64, ServiceError> {
        let needed = (u64::from(self.written) + 1) * PIECE as u64;
        if needed <= self.counted {
            return Ok(self.counted);
        }
        let key = keys::bytes(self.data.number);
        let all = call.load::<u64>(&key)?.unwrap_or(0).saturating_sub(self.counted);
        let lump = all.saturating_add(self.counted + LUMP) <= call.common.file_limits.plugin_bytes;
        let counted = if lump { self.counted + LUMP } else { needed };
        room(call, &self.name, all.saturating_add(counted))?;
        call.save(key, &all.saturating_add(counted))?;
        Ok(counted)
    }

    /// Has it wait for whoever brings it, from its first piece on. Where more wait for them than may, their oldest goes.
    fn wait(&self, call: &mut Call, account: AccountId) -> Result<(), ServiceError> {
        make_room(call, self.data.number, account)?;
        call.save(keys::waiting(self.data.number, account, self.id), &self.due)
    }

    /// Looks at what is held, once: it is about to be written.
    fn look(&mut self, last: bool) -> Result<(), ServiceError> {
        let mut kind = match self.kind.take() {
            Some(kind) => kind,
            None => Kind::of(&self.name, &self.held)?,
        };
        kind.follow(&self.name, &self.held, last)?;
        self.kind = Some(kind);
        self.hash.update(&self.held);
        Ok(())
    }

    fn put_piece(&self, call: &mut Call, last: bool) -> Result<(), ServiceError> {
        let key = call.data_key_to_seal(self.owner())?;
        let place = see::piece_place(self.data.number, self.id, self.written, last);
        let sealed = key.seal(&place.about(), &self.held)?;
        call.transaction.put(keys::piece(self.data.number, self.id, self.written), sealed);
        Ok(())
    }

    fn next(&mut self) {
        self.written += 1;
        self.held.clear();
    }

    /// Goes on only if what was written of it has not been swept away: a body may take longer than a file waits.
    fn still_there(&self, call: &Call) -> Result<(), ServiceError> {
        if self.written > 0 && !call.holds(&keys::due(self.due, self.data.number, self.id))? {
            return Err(ServiceError::not_found(crate::Thing::File, &self.name));
        }
        Ok(())
    }

    fn finish(&self, call: &mut Call, about: &About) -> Result<FileInfo, ServiceError> {
        let account = may_bring(call, &self.data)?;
        let number = self.data.number;
        self.still_there(call)?;
        let others = call.load::<u64>(&keys::bytes(number))?.unwrap_or(0).saturating_sub(self.counted);
        let counted = others.saturating_add(about.size);
        room(call, &self.name, counted)?;
        self.put_piece(call, true)?;
        call.save(keys::bytes(number), &counted)?;
        if self.written == 0 {
            self.wait(call, account)?;
        }
        let due = Due { counted: about.size, waits_for: Some(account), finished: true, ..self.unfinished() };
        call.save(keys::due(self.due, number, self.id), &due)?;
        let brought = time::microseconds(call.now());
        let key = call.data_key_to_seal(self.owner())?;
        let head = Head {
            size: about.size,
            brought_by: account,
            brought,
            standing: Standing::Waits(self.due),
            about: see::seal_about(&key, number, self.id, about)?,
        };
        call.save(keys::head(number, self.id), &head)?;
        call.plugin = Some(self.data.plugin.clone());
        let detail = [("bytes", about.size.to_string())];
        call.evidence("file.brought", see::subject(&self.data, self.id), detail);
        Ok(see::info(self.id, &head, about, Label::Ordinary))
    }
}

fn too_large(file: &str, most: u64) -> ServiceError {
    let mib = most >> 20;
    ServiceError::invalid(
        format!("Tệp “{file}” lớn quá {mib} MB. Hãy nén hoặc tách nhỏ tệp."),
        format!("The file “{file}” is larger than {mib} MB. Shrink or split it."),
    )
}

fn damaged() -> ServiceError {
    ServiceError::Damaged { what: "file on its way".to_owned() }
}
