//! Paths of tiles and bundles of entries.

use std::num::NonZeroU8;

use dinh_merkle::layout::{Content, LayoutError, TilePath, append_entry, entries, paths};
use proptest::prelude::*;

#[test]
fn paths_are_those_of_the_specification() {
    // C2SP tlog-tiles: index 1234067; golang.org/x/mod, sumdb/tlog/tlog_test.go, without their height.
    for (path, text) in [
        (TilePath::hashes(0, 1_234_067), "tile/0/x001/x234/067"),
        (TilePath::hashes(0, 1), "tile/0/001"),
        (TilePath { partial: NonZeroU8::new(5), ..TilePath::hashes(0, 1) }, "tile/0/001.p/5"),
        (TilePath::hashes(5, 123_456_078), "tile/5/x123/x456/078"),
        (
            TilePath { partial: NonZeroU8::new(2), ..TilePath::hashes(5, 123_456_078) },
            "tile/5/x123/x456/078.p/2",
        ),
        (TilePath::hashes(0, 3_057_500), "tile/0/x003/x057/500"),
        (TilePath::hashes(63, 1000), "tile/63/x001/000"),
        (TilePath::entries(0), "tile/entries/000"),
        (TilePath { partial: NonZeroU8::new(255), ..TilePath::entries(999) }, "tile/entries/999.p/255"),
        (TilePath::entries(u64::MAX), "tile/entries/x018/x446/x744/x073/x709/x551/615"),
    ] {
        assert_eq!(path.to_string(), text);
        assert_eq!(text.parse(), Ok(path));
    }
}

#[test]
fn other_ways_to_write_a_path_are_refused() {
    for text in [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/1",
        "tile/0/0001",
        "tile/0/x000/001",
        "tile/0/123/456/078",
        "tile/-1/001",
        "tile/64/001",
        "tile/00/001",
        "tile/+1/001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/05",
        "tile/0/001.p/",
        "tile/0/001.p/1/",
        "tile/0/x001",
        "tile/0/x01/001",
        "tile/0/+01",
        "tile/data/001",
        "/tile/0/001",
        "tile/0/001 ",
        "tile/0/x1000/001",
        "tile/entries/x018/x446/x744/x073/x709/x551/616",
    ] {
        assert_eq!(text.parse::<TilePath>(), Err(LayoutError::Path { path: text.into() }));
    }
}

#[test]
fn a_log_has_the_tiles_that_the_specification_counts() {
    // C2SP tlog-tiles: 70,000 and 256 leaves.
    let partial = |size| -> Vec<String> {
        paths(size).filter(|path| path.partial.is_some()).map(|path| path.to_string()).collect()
    };
    let full =
        |size, content| paths(size).filter(|path| path.partial.is_none() && path.content == content).count();
    assert_eq!(full(70_000, Content::Hashes { level: 0 }), 273);
    assert_eq!(full(70_000, Content::Hashes { level: 1 }), 1);
    assert_eq!(full(70_000, Content::Entries), 273);
    assert_eq!(
        partial(70_000),
        ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112"]
    );
    assert_eq!(full(256, Content::Hashes { level: 0 }), 1);
    assert_eq!(partial(256), ["tile/1/000.p/1"]);
    assert_eq!(paths(0).count(), 0);
    assert_eq!(paths(u64::MAX).next(), Some(TilePath::hashes(0, 0)));
}

#[test]
fn a_bundle_is_entries_after_their_lengths() {
    let mut bundle = Vec::new();
    append_entry(&mut bundle, b"one").unwrap();
    append_entry(&mut bundle, b"").unwrap();
    append_entry(&mut bundle, &[7; 0x0102]).unwrap();
    assert_eq!(&bundle[..9], b"\0\x03one\0\0\x01\x02");
    assert_eq!(entries(&bundle).unwrap(), [b"one".as_slice(), b"", &[7; 0x0102]]);
    assert_eq!(entries(&[]).unwrap(), Vec::<&[u8]>::new());
}

#[test]
fn a_bundle_that_is_cut_or_too_full_is_refused() {
    let mut bundle = Vec::new();
    append_entry(&mut bundle, b"one").unwrap();
    append_entry(&mut bundle, b"two").unwrap();
    for end in [1, 2, 4] {
        assert_eq!(entries(&bundle[..end]), Err(LayoutError::Cut { index: 0 }));
        assert_eq!(entries(&bundle[..5 + end]), Err(LayoutError::Cut { index: 1 }));
    }
    assert_eq!(entries(&[0; 512]).unwrap().len(), 256);
    assert_eq!(entries(&[0; 514]), Err(LayoutError::Full));
    let before = bundle.clone();
    assert_eq!(append_entry(&mut bundle, &[0; 65_536]), Err(LayoutError::Entry { bytes: 65_536 }));
    assert_eq!(bundle, before);
    append_entry(&mut bundle, &[0; 65_535]).unwrap();
}

proptest! {
    #[test]
    fn every_path_is_read_as_it_was_written(
        level in prop::option::of(0u8..64), index: u64, shorter in 0u32..64, width: u8,
    ) {
        let content = level.map_or(Content::Entries, |level| Content::Hashes { level });
        let path = TilePath { content, index: index >> shorter, partial: NonZeroU8::new(width) };
        prop_assert_eq!(path.to_string().parse(), Ok(path));
    }

    #[test]
    fn every_bundle_is_read_as_it_was_written(list in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..256)) {
        let mut bundle = Vec::new();
        for entry in &list {
            append_entry(&mut bundle, entry).unwrap();
        }
        prop_assert_eq!(entries(&bundle).unwrap(), list);
    }
}
