//! Checkpoints.

use dinh_merkle::{Checkpoint, Hash, NoteError, Signer, Verifier, leaf_hash};

fn key(vkey: &str) -> Verifier {
    Verifier::parse(vkey).unwrap()
}

// The key of Go's checksum database, as its client has it; heads of that log as published at the places named.
const GO: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
// github.com/google/trillian-examples, formats/log/checkpoint_test.go.
const GO_2021: &str = "go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n— sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=\n";
// google/trillian-examples, witness/golang/cmd/addrwitness/README.md: signed by a witness beside the log.
const GO_2023: &str = "go.sum database tree\n15067302\ngJyioq6dwR9n+NjEWORfYmH+ubeYm3kH42BBQ0bTpYI=\n\n— sum.golang.org Az3grp1rvWOs5NKlr/xR4GLN/CDyzzakmt1o61uSxYKpK1SerqOP2ClbX/peKUZjYnyomH5Xz7GZG3TpB7OeKn4E2ww=\n— test.example.com qTGhC/xIPQ0AXKHK6Y+9ypRfuvMZWPjRXM8NiOg5M1WREn07VQXyuIXM3NRNav3ieVFLUqDRK77PWDmL6w8w84UqeAw=\n";

#[test]
fn real_checkpoints_of_a_public_log_verify() {
    for (note, size, root) in [
        (GO_2021, 6_476_701, "mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk="),
        (GO_2023, 15_067_302, "gJyioq6dwR9n+NjEWORfYmH+ubeYm3kH42BBQ0bTpYI="),
    ] {
        let (checkpoint, signed) = Checkpoint::open(note, &[key(GO)]).unwrap();
        assert_eq!(checkpoint, Checkpoint::new("go.sum database tree", size, root.parse().unwrap()));
        assert_eq!(signed, ["sum.golang.org"]);
        assert_eq!(Checkpoint::open_unverified(note).unwrap(), checkpoint);
        let changed = note.replacen(&size.to_string(), &(size + 1).to_string(), 1);
        let refused = NoteError::Signature { name: "sum.golang.org".into() };
        assert_eq!(Checkpoint::open(&changed, &[key(GO)]), Err(refused));
    }
}

#[test]
fn a_checkpoint_with_many_witnesses_is_signed_by_those_one_knows() {
    // github.com/google/trillian-examples, formats/log/checkpoint_test.go.
    let note = format!(
        "{GO_2021}\
         — monkeys 202ffh9ve46Mqbhuyb4wnC2Pwdan5EsXQym/tF1ggXJqhjGosU4T5intH4iKMRgDLxrnXuIjRaU2NbvAnaepM6Y+8ww=\n\
         — bananas z2OfE+2bbsBZ7NLgfuslc0v7NFW2QyexJ7fhePpoL2N/P7N/COd5S+JNHbQEAlYzz2C5sg0E+x/MggS1mDR6t3/9rQw=\n\
         — witness 8TqG25yWGFLdT7WPf/WoyeG3LwqtkXP+8S3yykOVm6EMh4hPgCke6eSVPU4BdtXNMPJBXKF+UpDbGgCdcpR8SVSoqAU=\n\
         — random1 8TqG25yWGFLdT7WPf/WoyeG3LwqtkXP+8S3yykOVm6EMh4hPgCke6eSVPU4BdtXNMPJBXKF+UpDbGgCdcpR8SVSoqAU=\n"
    );
    let known = [
        key(GO),
        key("monkeys+db4d9f7e+AULaJMvTtDLHPUcUrjdDad9vDlh/PTfC2VV60JUtCfWT"),
        key("bananas+cf639f13+AaPjhFnPCQnid/Ql32KWhmh+uk72FVRfK+2DLmO3BI3M"),
        key("witness+f13a86db+AdYV1Ztajd9BvyjP2HgpwrqYL6TjOwIjGMOq8Bu42xbN"),
    ];
    let (_, signed) = Checkpoint::open(&note, &known).unwrap();
    assert_eq!(signed, ["sum.golang.org", "monkeys", "bananas", "witness"]);
    let (_, signed) = Checkpoint::open(&note, &known[2..3]).unwrap();
    assert_eq!(signed, ["bananas"]);
}

#[test]
fn the_example_of_the_specification_is_read() {
    // C2SP tlog-checkpoint.
    let note = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    let checkpoint = Checkpoint::open_unverified(note).unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(checkpoint.root.to_string(), "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
    assert!(note.starts_with(&checkpoint.text()));
}

#[test]
fn what_is_signed_is_what_is_read() {
    let signer = Signer::from_seed("example.vn/evidence", [9; 32]).unwrap();
    let known = [signer.verifier().clone()];
    for size in [0, 1, u64::MAX] {
        let mut checkpoint = Checkpoint::new("example.vn/evidence", size, leaf_hash(b"x"));
        checkpoint.extensions = vec!["kỷ nguyên 2".into(), "— not a signature".into()];
        let (read, signed) = Checkpoint::open(&checkpoint.sign(&signer).unwrap(), &known).unwrap();
        assert_eq!((read, signed), (checkpoint, vec!["example.vn/evidence".to_string()]));
    }
}

#[test]
fn a_checkpoint_that_nobody_could_read_is_not_signed() {
    let signer = Signer::from_seed("a", [9; 32]).unwrap();
    for (origin, extension) in [("", "x"), ("a\nb", "x"), ("a\r", "x"), ("a", ""), ("a", "x\ny"), ("a", "\n")]
    {
        let mut checkpoint = Checkpoint::new(origin, 1, Hash::EMPTY);
        checkpoint.extensions.push(extension.into());
        assert!(
            matches!(checkpoint.sign(&signer), Err(NoteError::Malformed { .. })),
            "{origin:?} {extension:?}"
        );
    }
}

#[test]
fn numbers_and_hashes_have_one_way_to_be_written() {
    let root = Hash::EMPTY.to_string();
    let read = |size: &str, root: &str| Checkpoint::parse(&format!("a\n{size}\n{root}\n"));
    assert_eq!(read("0", &root), Ok(Checkpoint::new("a", 0, Hash::EMPTY)));
    for size in ["", "00", "01", "+1", "-1", "1 ", " 1", "0x1", "1.0", "18446744073709551616", "١"] {
        assert!(matches!(read(size, &root), Err(NoteError::Malformed { line: 2, .. })), "{size:?}");
    }
    let spare_bits = root.replace("FU=", "FV=");
    assert_ne!(spare_bits, root);
    for root in ["", "AAAA", &root[..43], &format!("{root}="), &spare_bits, &"A".repeat(44)] {
        assert!(matches!(read("0", root), Err(NoteError::Malformed { line: 3, .. })), "{root:?}");
    }
    assert!(matches!(Checkpoint::parse("a\n0\n"), Err(NoteError::Malformed { line: 3, .. })));
    assert!(matches!(Checkpoint::parse("a"), Err(NoteError::Malformed { line: 1, .. })));
}
