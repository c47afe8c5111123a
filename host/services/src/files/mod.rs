//! Files (tệp đính kèm): what people attach to records, sealed in the store, streamed by the host. What this module
//! promises:
//!
//! * **Whoever sees the record sees its file, and nobody else does**: a file is asked for through the record and the
//!   field that hold it, by the sight that shows them. One that nobody has attached yet is its bringer's alone. The
//!   public sees none.
//! * **Bytes lie sealed**, in pieces, each as what it is: which file, which piece, whether it is the last. A piece that
//!   was changed, moved or cut off does not open. So does what says what the file is: its name, its type, its hash.
//! * **Only what is harmless to keep is taken**: types of a closed list, told by the content, which the name has to
//!   agree with.
//! * **A file is there whole or not at all**: its pieces are written step by step, and the change that writes its head
//!   makes it one. It belongs to one field of one record, and goes with it in the same change.
//! * **Nothing is kept for nobody**: what is not attached in time, and what a record let go of, is removed by
//!   the [sweep](crate::Platform::sweep_files); it cannot be reached before that.
//! * **Every size is bounded**: of a file, of the files of a plugin, of what waits for one account ([`FileLimits`]). What
//!   is on its way, and what is to be removed, is counted as what is there.
//!
//! ```text
//! bring ── kind (type, name) ── pieces ── head: waits ──▶ attach ── head: of a record ──▶ detach
//!   │                             │                │                        │               │
//!   └── FILE_DUE: not finished    FILE_PIECE       FILE, FILE_DUE           FILE            FILE_DUE: let go
//!                                                        see ── reader ── bytes               └──▶ sweep
//! ```
//!
//! What is promised here is tried beside the records that hold files (`records/tests/files`, `files_swept`).
//!
//! A scanner for viruses has its place in [`finish_file`](crate::Platform::finish_file), between the last piece and the
//! head: what it finds is refused like a wrong type. There is none yet.

mod admit;
mod attach;
mod bring;
mod keys;
mod kind;
mod model;
mod name;
mod read;
mod see;
mod sweep;

pub(crate) use attach::{FileFault, attach, detach, fault};
pub use bring::Bringing;
pub(crate) use keys::bytes_of;
pub use model::{FileInfo, FileLimits, PIECE};
pub use read::FileReader;
pub use see::{describe, open, read};
