//! Any text is a note or refused; what a checkpoint says is written as it was read.

use dinh_merkle::{Checkpoint, Note, notes};

pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for (line, note) in notes(&text) {
        assert!(line >= 1);
        if let Ok(note) = Note::parse(note) {
            assert!(note.claimed().count() >= 1);
        }
        let _unsigned = Checkpoint::open_unverified(note);
    }
    if let Ok(checkpoint) = Checkpoint::parse(&text) {
        assert_eq!(Checkpoint::parse(&checkpoint.text()).unwrap(), checkpoint);
    }
}
