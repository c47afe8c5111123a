//! Nothing that is read makes the reader panic, and what is read is written back the same.

use dinh_merkle::layout::{TilePath, entries};
use dinh_merkle::{Checkpoint, Hash, Note, NoteError, Proof, Signer, Verifier, notes};
use proptest::prelude::*;

/// Reads a text as everything there is.
fn read_as_everything(text: &str) {
    if let Ok(hash) = text.parse::<Hash>() {
        assert_eq!(hash.to_string(), text);
    }
    if let Ok(path) = text.parse::<TilePath>() {
        assert_eq!(path.to_string(), text);
    }
    if let Ok(proof) = Proof::parse(text) {
        assert_eq!(proof.to_text(), text);
    }
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.text(), text);
    }
    if let Ok(key) = Verifier::parse(text) {
        assert_eq!(key.to_string().to_lowercase(), text.to_lowercase());
    }
    let _ = Signer::parse(text);
    for result in [Note::parse(text).map(|_| ()), Checkpoint::open(text, &[known()]).map(|_| ())] {
        if let Err(NoteError::Malformed { line, .. }) = result {
            assert!(line <= text.matches('\n').count() + 3, "line {line} of {text:?}");
        }
    }
    // Every letter is handed out, but blank lines between notes.
    let mut end = 0;
    for (line, note) in notes(text) {
        let at = note.as_ptr() as usize - text.as_ptr() as usize;
        assert!(text[end..at].chars().all(|letter| letter == '\n'));
        assert_eq!(line, text[..at].matches('\n').count() + 1);
        end = at + note.len();
    }
    assert!(text[end..].chars().all(|letter| letter == '\n'));
}

fn signer() -> Signer {
    Signer::from_seed("example.vn/evidence", [5; 32]).unwrap()
}

fn known() -> Verifier {
    signer().verifier().clone()
}

/// Texts made of the pieces that the formats are made of.
fn pieces() -> impl Strategy<Value = String> {
    let note = Checkpoint::new("example.vn/evidence", 7, Hash::EMPTY).sign(&signer()).unwrap();
    let piece = prop::sample::select(vec![
        "\n".to_string(),
        "\n\n".into(),
        " ".into(),
        "+".into(),
        "— ".into(),
        "a".into(),
        "0".into(),
        "7\n".into(),
        format!("{}\n", Hash::EMPTY),
        note,
        known().to_string(),
        "PRIVATE+KEY+".into(),
        "c2sp.org/tlog-proof@v1\n".into(),
        "index 1\n".into(),
        "extra AAAA\n".into(),
        "tile/".into(),
        "entries/".into(),
        "x001/".into(),
        ".p/8".into(),
        "\r".into(),
        "é".into(),
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text_is_read_or_refused(text: String, pieces in pieces()) {
        read_as_everything(&text);
        read_as_everything(&pieces);
    }

    #[test]
    fn any_bytes_are_read_or_refused_as_a_bundle(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(entries) = entries(&bytes) {
            let length: usize = entries.iter().map(|entry| entry.len() + 2).sum();
            prop_assert_eq!(length, bytes.len());
        }
    }

    #[test]
    fn a_checkpoint_with_any_byte_changed_is_another_or_refused(at in 0usize..220, to: u8) {
        let checkpoint = Checkpoint::new("example.vn/evidence", 7, Hash::EMPTY);
        let note = checkpoint.sign(&signer()).unwrap();
        let mut bytes = note.clone().into_bytes();
        let at = at % bytes.len();
        bytes[at] = to;
        let Ok(changed) = String::from_utf8(bytes) else { return Ok(()) };
        read_as_everything(&changed);
        prop_assert_eq!(Checkpoint::open(&changed, &[known()]).is_ok(), changed == note);
    }
}
