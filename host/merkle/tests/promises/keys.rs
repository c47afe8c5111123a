//! Keys and their names.

use dinh_merkle::{KeyError, Signer, Verifier};

// golang.org/x/mod, sumdb/note/note_test.go.
pub const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
pub const PETER_SECRET: &str =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
pub const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";

#[test]
fn published_keys_are_read_and_written_back() {
    let verifier = Verifier::parse(PETER).unwrap();
    assert_eq!(
        (verifier.name(), verifier.id(), verifier.to_string()),
        ("PeterNeumann", 0xc74f20a3, PETER.into())
    );
    let signer = Signer::parse(PETER_SECRET).unwrap();
    assert_eq!((signer.verifier(), signer.to_text()), (&verifier, PETER_SECRET.into()));
    // github.com/google/trillian-examples, formats/log/checkpoint_test.go.
    for (public, secret) in [
        (
            "Log+2271c621+AemuH5ooBpEPcr+W8onrjA1NfuzBVHdezakU81Ekarvs",
            "PRIVATE+KEY+Log+2271c621+AdEIq9FLRQni54Wg68T96VJO+iayOaulswav2DUMKgvQ",
        ),
        (
            "KnownAgain+4893b26c+AQ+LR7BFF/F/dkpIBjBpSvT0crkteizuUkavAoGeaYMj",
            "PRIVATE+KEY+KnownAgain+4893b26c+ARhZda/l25zjGZswYLDZsLNRzNpmv5wYTN9IoTr1OJ2+",
        ),
    ] {
        assert_eq!(Signer::parse(secret).unwrap().verifier().to_string(), public);
    }
}

#[test]
fn a_key_with_anything_changed_or_missing_is_refused() {
    for (text, secret) in [(PETER, false), (PETER_SECRET, true)] {
        let refused = |text: &str| {
            if secret { Signer::parse(text).err() } else { Verifier::parse(text).err() }
        };
        for (from, to) in (0..=text.len()).flat_map(|from| (from..=text.len()).map(move |to| (from, to))) {
            assert_eq!(refused(&text[from..to]).is_none(), (from, to) == (0, text.len()), "{from}..{to}");
        }
        for at in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] += 1;
            assert!(refused(std::str::from_utf8(&bytes).unwrap()).is_some(), "letter {at}");
        }
    }
}

#[test]
fn keys_of_the_wrong_length_or_kind_are_refused_though_their_id_fits() {
    // golang.org/x/mod, sumdb/note/note_test.go.
    let long = "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==";
    assert!(matches!(Verifier::parse(long), Err(KeyError::Malformed { .. })));
    let other = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert_eq!(Verifier::parse(other), Err(KeyError::Kind { name: "PeterNeumann".into(), kind: 0x65 }));
}

#[test]
fn a_key_under_which_everything_verifies_is_refused() {
    // The neutral point of the curve, and a number that is no point.
    for key in
        ["AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AQIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    {
        let refused = Verifier::parse(&format!("a+00000000+{key}"));
        assert_eq!(refused, Err(KeyError::Point { name: "a".into() }), "{key}");
    }
}

#[test]
fn names_that_would_break_a_line_or_a_key_are_refused() {
    for name in ["", " ", "a b", "a+b", "a\nb", "a\u{a0}b", "a\u{2003}b", "a\u{1}b", "a\tb"] {
        assert_eq!(Signer::from_seed(name, [1; 32]).unwrap_err(), KeyError::Name { name: name.into() });
    }
    for name in ["example.vn/evidence", "Đình", "a"] {
        let signer = Signer::from_seed(name, [1; 32]).unwrap();
        assert_eq!(Signer::parse(&signer.to_text()).unwrap().verifier(), signer.verifier());
        assert_eq!(&signer.verifier().to_string().parse::<Verifier>().unwrap(), signer.verifier());
    }
}

#[test]
fn no_message_and_no_debug_shows_a_secret() {
    let secret = "AYEKFALVFGyNhPJEMzD1QIDr";
    assert!(!format!("{:?}", Signer::parse(PETER_SECRET).unwrap()).contains(secret));
    let renamed = PETER_SECRET.replace("Peter", "Paul");
    let refused = Signer::parse(&renamed).unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains(secret), "{refused}");
}
