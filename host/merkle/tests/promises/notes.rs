//! Signed notes.

use dinh_merkle::{MAX_SIGNATURES, Note, NoteError, Signer, Verifier, notes, sign};

use crate::keys::{ENOCH, PETER, PETER_SECRET};

// golang.org/x/mod, sumdb/note/note_test.go.
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
pub const PETER_SIGNED: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_SIGNED: &str = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

fn key(vkey: &str) -> Verifier {
    Verifier::parse(vkey).unwrap()
}

fn open(note: &str, known: &[Verifier]) -> Result<Vec<String>, NoteError> {
    Note::parse(note)?.verify(known)
}

#[test]
fn a_published_text_gets_the_published_signature() {
    let signer = Signer::parse(PETER_SECRET).unwrap();
    assert_eq!(sign(TEXT, &[&signer]).unwrap(), format!("{TEXT}\n{PETER_SIGNED}"));
}

#[test]
fn known_signatures_are_checked_and_unknown_ones_passed_over() {
    let both = format!("{TEXT}\n{PETER_SIGNED}{ENOCH_SIGNED}");
    let note = Note::parse(&both).unwrap();
    assert_eq!(note.text(), TEXT);
    assert_eq!(note.claimed().collect::<Vec<_>>(), ["PeterNeumann", "EnochRoot"]);
    assert_eq!(note.verify(&[key(PETER)]).unwrap(), ["PeterNeumann"]);
    assert_eq!(note.verify(&[key(ENOCH), key(PETER)]).unwrap(), ["PeterNeumann", "EnochRoot"]);
    assert_eq!(note.verify(&[]), Err(NoteError::Unknown { signed: "PeterNeumann, EnochRoot".into() }));
    let twice = format!("{TEXT}\n{PETER_SIGNED}{ENOCH_SIGNED}{PETER_SIGNED}");
    assert_eq!(open(&twice, &[key(PETER), key(PETER)]).unwrap(), ["PeterNeumann"]);
}

#[test]
fn a_wrong_signature_of_a_known_key_refuses_the_whole_note() {
    let refused = Err(NoteError::Signature { name: "PeterNeumann".into() });
    let known = [key(ENOCH), key(PETER)];
    for note in [
        format!("{}\n{PETER_SIGNED}{ENOCH_SIGNED}", TEXT.replace("cryptography", "cryptography ")),
        format!("{TEXT}\n{ENOCH_SIGNED}{}", PETER_SIGNED.replace("JkuBS9", "JkuBS8")),
        format!("{TEXT}\n{PETER_SIGNED}{ENOCH_SIGNED}{}", PETER_SIGNED.replace("JkuBS9", "JkuBS8")),
        // Too long: the same letters four more.
        format!("{TEXT}\n{ENOCH_SIGNED}{}", PETER_SIGNED.replace("JkuBS9", "JkuBABCDS9")),
    ] {
        assert!(
            matches!(open(&note, &known), Err(NoteError::Signature { .. })),
            "{note}: {:?}",
            open(&note, &known)
        );
    }
    let changed = format!("{TEXT}\n{ENOCH_SIGNED}{}", PETER_SIGNED.replace("JkuBS9", "JkuBS8"));
    assert_eq!(open(&changed, &known), refused);
}

#[test]
fn a_key_is_known_by_name_and_id_together() {
    let misnamed = format!("{TEXT}\n{}", PETER_SIGNED.replace("PeterNeumann", "CarmenSandiego"));
    assert_eq!(open(&misnamed, &[key(PETER)]), Err(NoteError::Unknown { signed: "CarmenSandiego".into() }));
    let other_id = format!("{TEXT}\n{}", PETER_SIGNED.replace("x08g", "xxxx"));
    assert_eq!(open(&other_id, &[key(PETER)]), Err(NoteError::Unknown { signed: "PeterNeumann".into() }));
}

#[test]
fn what_is_not_a_note_is_refused_with_its_line() {
    let unended = PETER_SIGNED.trim_end();
    for (note, at) in [
        (TEXT.to_string(), 2),
        (format!("{TEXT}\n"), 4),
        (format!("{TEXT}\n{unended}"), 4),
        (format!("\u{1}{TEXT}\n{PETER_SIGNED}"), 1),
        (format!("{TEXT}\r\n{PETER_SIGNED}"), 3),
        (format!("{TEXT}\n— Bad Name {}", &PETER_SIGNED[17..]), 4),
        (format!("{TEXT}\n{PETER_SIGNED}Unexpected line.\n"), 5),
        (format!("{TEXT}\n- PeterNeumann x08go/ZJ\n"), 4),
        (format!("{TEXT}\n— PeterNeumann x08goyyy!\n"), 4),
        (format!("{TEXT}\n— PeterNeumann x08goA==\n"), 4),
        (String::new(), 1),
    ] {
        match Note::parse(&note) {
            Err(NoteError::Malformed { line, .. }) => assert_eq!(line, at, "{note:?}"),
            other => panic!("{note:?}: {other:?}"),
        }
    }
}

#[test]
fn a_note_with_too_many_signatures_or_bytes_is_refused() {
    let of = |count| format!("{TEXT}\n{}", PETER_SIGNED.repeat(count));
    assert_eq!(open(&of(MAX_SIGNATURES), &[key(PETER)]).unwrap(), ["PeterNeumann"]);
    assert_eq!(open(&of(MAX_SIGNATURES + 1), &[key(PETER)]), Err(NoteError::TooLarge));
    let long = format!("{}\n\n{PETER_SIGNED}", "x".repeat(1_000_000));
    assert_eq!(Note::parse(&long), Err(NoteError::TooLarge));
}

#[test]
fn only_texts_that_can_be_read_again_are_signed() {
    let signer = Signer::from_seed("a", [1; 32]).unwrap();
    for text in ["", "abc", "a\nb", "a\u{7}\n"] {
        assert!(matches!(sign(text, &[&signer]), Err(NoteError::Malformed { .. })), "{text:?}");
    }
    // A text may have empty lines, and lines that look like signatures.
    for text in ["\n", "a\n\nb\n", "a\n\n", "a\n\n— b cccc\n"] {
        let note = sign(text, &[&signer]).unwrap();
        assert_eq!(Note::parse(&note).unwrap().text(), text);
        assert_eq!(open(&note, &[signer.verifier().clone()]).unwrap(), ["a"]);
    }
}

#[test]
fn notes_one_after_another_come_out_each_with_its_line() {
    let one = format!("{TEXT}\n{PETER_SIGNED}{ENOCH_SIGNED}");
    let other = format!("other\n\n{PETER_SIGNED}");
    let file = format!("{one}{other}\n\n{one}rest\n");
    let found: Vec<_> = notes(&file).collect();
    assert_eq!(found, [(1, one.as_str()), (6, other.as_str()), (11, one.as_str()), (16, "rest\n")]);
    // What is no note is not left out.
    let (line, rest) = found[3];
    let refused = Note::parse(rest).unwrap_err().from_line(line);
    assert!(matches!(refused, NoteError::Malformed { line: 16, .. }), "{refused:?}");
    assert_eq!(notes("").count() + notes("\n\n\n").count(), 0);
}
