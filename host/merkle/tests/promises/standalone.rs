//! Proofs that stand alone.

use dinh_merkle::{Checkpoint, Hash, NoteError, Proof, ProofError, Signer, Verifier, inclusion, leaf_hash};

use crate::support::{Log, leaves};

const ORIGIN: &str = "example.vn/evidence";

fn proof(index: u64, extra: Option<&[u8]>) -> (Proof, Hash, Verifier) {
    let log = Log::of(&leaves(300));
    let signer = Signer::from_seed(ORIGIN, [3; 32]).unwrap();
    let checkpoint = Checkpoint::new(ORIGIN, 300, log.tree.root()).sign(&signer).unwrap();
    let hashes = inclusion(&log, index, 300).unwrap();
    let proof = Proof { index, hashes, extra: extra.map(<[u8]>::to_vec), checkpoint };
    (proof, log.leaves[index as usize], signer.verifier().clone())
}

#[test]
fn a_proof_written_down_proves_the_same() {
    for (index, extra) in [(0, None), (299, Some(b"the entry".as_slice())), (17, Some(b""))] {
        let (proof, leaf, key) = proof(index, extra);
        let read = Proof::parse(&proof.to_text()).unwrap();
        assert_eq!(read, proof);
        assert_eq!(read.verify(&leaf, ORIGIN, &[key]).unwrap().size, 300);
    }
}

#[test]
fn a_proof_of_something_else_is_refused() {
    let (proof, leaf, key) = proof(17, None);
    let known = [key];
    assert_eq!(proof.verify(&leaf_hash(b"other"), ORIGIN, &known), Err(ProofError::Root));
    let elsewhere = Proof { index: 18, ..proof.clone() };
    assert_eq!(elsewhere.verify(&leaf, ORIGIN, &known), Err(ProofError::Root));
    let outside = Proof { index: 300, ..proof.clone() };
    assert_eq!(outside.verify(&leaf, ORIGIN, &known), Err(ProofError::Index { index: 300, size: 300 }));
    let other_log = ProofError::Origin { expected: "other".into(), found: ORIGIN.into() };
    assert_eq!(proof.verify(&leaf, "other", &known), Err(other_log));
    let unknown = ProofError::Checkpoint(NoteError::Unknown { signed: ORIGIN.into() });
    assert_eq!(proof.verify(&leaf, ORIGIN, &[]), Err(unknown));
    let larger = Proof { checkpoint: proof.checkpoint.replace("\n300\n", "\n301\n"), ..proof };
    let forged = ProofError::Checkpoint(NoteError::Signature { name: ORIGIN.into() });
    assert_eq!(larger.verify(&leaf, ORIGIN, &known), Err(forged));
}

#[test]
fn the_form_is_that_of_the_specification() {
    // C2SP tlog-proof, its example without the extra data and the witnesses, whose base64 it leaves out.
    let text = "c2sp.org/tlog-proof@v1\nindex 73894\ngSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\nB95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\nEKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=\nRoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=\nAHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=\n\nexample.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n";
    let proof = Proof::parse(text).unwrap();
    assert_eq!((proof.index, proof.hashes.len(), &proof.extra), (73894, 5, &None));
    assert_eq!(proof.to_text(), text);
    let checkpoint = Checkpoint::parse(&proof.checkpoint).unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/fancylog", 109_482));
    // github.com/transparency-dev/merkle, proof/tlog_proof_test.go: `TestNewTLogProof`.
    let [one, two] = ["hash1", "hash2"].map(|text| {
        use sha2::Digest;
        Hash::from_bytes(sha2::Sha256::digest(text).into())
    });
    let written = Proof {
        index: 10,
        hashes: vec![one, two],
        extra: Some(b"extra information".to_vec()),
        checkpoint: "checkpoint data\n".into(),
    };
    let expected = format!("extra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n{one}\n{two}\n\ncheckpoint data\n");
    assert_eq!(written.to_text(), format!("c2sp.org/tlog-proof@v1\n{expected}"));
}

#[test]
fn what_is_not_a_proof_is_refused_with_its_line() {
    // The first seven: github.com/transparency-dev/merkle, proof/tlog_proof_test.go.
    let long = format!("c2sp.org/tlog-proof@v1\nindex 0\n{}==\n\ncheckpoint\n", "A".repeat(86));
    for (text, at) in [
        ("wrong-header\nindex 0\n\ncheckpoint\n", 1),
        ("c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n", 2),
        ("c2sp.org/tlog-proof@v1\n\n\ncheckpoint\n", 2),
        ("c2sp.org/tlog-proof@v1\nindex notanumber\n\ncheckpoint\n", 2),
        ("c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n", 2),
        ("c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\ncheckpoint\n", 3),
        (&long, 3),
        ("c2sp.org/tlog-proof@v1\nindex 05\n\ncheckpoint\n", 2),
        ("c2sp.org/tlog-proof@v1\nextra AAAA\nindex\n\ncheckpoint\n", 3),
        ("c2sp.org/tlog-proof@v1\nextra extra AAAA\nindex 1\n\ncheckpoint\n", 2),
        ("c2sp.org/tlog-proof@v1\nindex 0\n", 1),
        ("", 1),
    ] {
        match Proof::parse(text) {
            Err(NoteError::Malformed { line, .. }) => assert_eq!(line, at, "{text:?}"),
            other => panic!("{text:?}: {other:?}"),
        }
    }
    let hash = format!("{}\n", Hash::EMPTY);
    let of = |count| format!("c2sp.org/tlog-proof@v1\nindex 0\n{}\ncheckpoint\n", hash.repeat(count));
    assert_eq!(Proof::parse(&of(64)).unwrap().hashes.len(), 64);
    assert_eq!(Proof::parse(&of(65)), Err(NoteError::TooLarge));
}
