//! Trees and proofs that others published, and another library's.

use data_encoding::HEXLOWER;
use dinh_merkle::{
    Hash, Tree, consistency, inclusion, leaf_hash, node_hash, root_at, verify_consistency, verify_inclusion,
};

use crate::support::Log;

// github.com/transparency-dev/merkle, proof/verify_test.go, and testdata/ made from it; before that
// github.com/google/certificate-transparency, merkletree/merkle_tree_test.cc.
const ENTRIES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const A: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const B: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const C: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const D: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const E: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const F: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
const G: &str = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f";
/// Leaf (there counted from 1), size, proof.
const INCLUSION: [(u64, u64, &[&str]); 5] = [
    (1, 1, &[]),
    (1, 8, &[A, B, C]),
    (6, 8, &[D, E, ROOTS[3]]),
    (3, 3, &[ROOTS[1]]),
    (2, 5, &[ROOTS[0], B, D]),
];
/// Old size, new size, proof.
const CONSISTENCY: [(u64, u64, &[&str]); 5] =
    [(1, 1, &[]), (1, 8, &[A, B, C]), (6, 8, &[F, E, ROOTS[3]]), (2, 5, &[B, D]), (6, 7, &[F, G, ROOTS[3]])];

fn hash(hex: &str) -> Hash {
    Hash::from_bytes(HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap())
}

fn hashes(hex: &[&str]) -> Vec<Hash> {
    hex.iter().map(|hex| hash(hex)).collect()
}

fn entry(index: usize) -> Hash {
    leaf_hash(&HEXLOWER.decode(ENTRIES[index].as_bytes()).unwrap())
}

#[test]
fn leaves_and_nodes_hash_as_published() {
    // github.com/transparency-dev/merkle, rfc6962/rfc6962_test.go.
    assert_eq!(Tree::new().root(), hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    assert_eq!(leaf_hash(b""), hash("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"));
    assert_eq!(
        leaf_hash(b"L123456"),
        hash("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56")
    );
    // golang.org/x/mod, sumdb/tlog/note_test.go.
    assert_eq!(leaf_hash(b"hello world").to_string(), "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=");
    // The tree of two of the published leaves.
    assert_eq!(node_hash(&entry(0), &entry(1)), hash(ROOTS[1]));
}

#[test]
fn roots_are_those_published() {
    let mut log = Log::default();
    for (index, root) in ROOTS.iter().enumerate() {
        log.push(entry(index));
        assert_eq!(log.tree.root(), hash(root));
    }
    for (index, root) in ROOTS.iter().enumerate() {
        assert_eq!(root_at(&log, index as u64 + 1), Ok(hash(root)));
    }
}

#[test]
fn inclusion_proofs_are_those_published() {
    let log = Log::of(&std::array::from_fn::<_, 8, _>(entry));
    for (leaf, size, proof) in INCLUSION {
        let (index, root) = (leaf - 1, hash(ROOTS[size as usize - 1]));
        assert_eq!(inclusion(&log, index, size), Ok(hashes(proof)));
        let leaf = entry(index as usize);
        assert_eq!(verify_inclusion(&leaf, index, size, &hashes(proof), &root), Ok(()));
        // The wrong places and sizes they try.
        for index in [index.wrapping_sub(1), index + 1, index ^ 2] {
            assert!(verify_inclusion(&leaf, index, size, &hashes(proof), &root).is_err());
        }
        for size in [size * 2, size / 2] {
            assert!(verify_inclusion(&leaf, index, size, &hashes(proof), &root).is_err());
        }
    }
}

#[test]
fn consistency_proofs_are_those_published() {
    let log = Log::of(&std::array::from_fn::<_, 8, _>(entry));
    for (old, new, proof) in CONSISTENCY {
        let (past, root) = (hash(ROOTS[old as usize - 1]), hash(ROOTS[new as usize - 1]));
        assert_eq!(consistency(&log, old, new), Ok(hashes(proof)));
        assert_eq!(verify_consistency(old, new, &past, &root, &hashes(proof)), Ok(()));
        if old == new {
            continue;
        }
        for old in [old - 1, old + 1, old ^ 2] {
            assert!(verify_consistency(old, new, &past, &root, &hashes(proof)).is_err());
        }
        for new in [new * 2, new / 2] {
            assert!(verify_consistency(old, new, &past, &root, &hashes(proof)).is_err());
        }
        assert!(verify_consistency(old, new, &root, &past, &hashes(proof)).is_err());
    }
}

#[test]
fn another_library_agrees() {
    let mut other = ct_merkle::mem_backed_tree::MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
    let mut log = Log::default();
    for size in 1..=700usize {
        let entry = format!("entry {size}").into_bytes();
        log.push(leaf_hash(&entry));
        other.push(entry);
        assert_eq!(log.tree.root().as_bytes(), other.root().as_bytes().as_slice());
        for place in [0, size / 3, size - 1] {
            let path = inclusion(&log, place as u64, size as u64).unwrap();
            assert_eq!(bytes(&path), other.prove_inclusion(place).as_bytes());
            let proof = consistency(&log, place as u64 + 1, size as u64).unwrap();
            assert_eq!(bytes(&proof), other.prove_consistency(size - place - 1).as_bytes());
        }
    }
}

fn bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(Hash::as_bytes).copied().collect()
}
