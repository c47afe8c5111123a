//! Proofs, made and checked.

use dinh_merkle::{
    Hash, ProofError, ReadError, consistency, inclusion, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

use crate::support::{Log, Naive, leaves};

/// Both proofs of the trees up to `new` in `old` (also the leaf before it): as the RFC has them, and right.
fn try_both(log: &Log, naive: &Naive, old: usize, new: usize) {
    let (index, size) = (old as u64 - 1, new as u64);
    let root = naive.root(0, new);
    let path = inclusion(log, index, size).unwrap();
    assert_eq!(path, naive.path(old - 1, new), "leaf {index} in {size}");
    assert_eq!(
        verify_inclusion(&naive.leaves[old - 1], index, size, &path, &root),
        Ok(()),
        "{index} in {size}"
    );
    let proof = consistency(log, old as u64, size).unwrap();
    assert_eq!(proof, naive.proof(old, new), "{old} in {new}");
    let past = naive.root(0, old);
    assert_eq!(verify_consistency(old as u64, size, &past, &root, &proof), Ok(()), "{old} in {new}");
}

#[test]
fn every_proof_of_a_small_log_is_that_of_the_rfc_and_verifies() {
    let naive = Naive::of(leaves(600));
    let log = Log::of(&naive.leaves);
    for new in 1..=600 {
        // All around the edges of tiles and of powers of two; every eleventh elsewhere.
        let step = if new <= 132 || (250..265).contains(&new) || (508..520).contains(&new) { 1 } else { 11 };
        for old in (1..=new).rev().step_by(step) {
            try_both(&log, &naive, old, new);
        }
    }
}

#[test]
fn every_changed_bit_is_noticed() {
    let naive = Naive::of(leaves(40));
    let sizes = (1..=9).flat_map(|new| (1..=new).map(move |old| (old, new)));
    for (old, new) in sizes.chain([(1, 40), (31, 40), (32, 40), (33, 40), (40, 40)]) {
        let (leaf, root, past) = (naive.leaves[old - 1], naive.root(0, new), naive.root(0, old));
        let (m, n) = (old as u64, new as u64);
        let path = naive.path(old - 1, new);
        for (at, bit) in bits(path.len() + 2) {
            let mut all = [path.clone(), vec![leaf, root]].concat();
            flip(&mut all[at], bit);
            let [path @ .., leaf, root] = all.as_slice() else { unreachable!() };
            assert_eq!(verify_inclusion(leaf, m - 1, n, path, root), Err(ProofError::Root));
        }
        let proof = naive.proof(old, new);
        for (at, bit) in bits(proof.len() + 2) {
            let mut all = [proof.clone(), vec![past, root]].concat();
            flip(&mut all[at], bit);
            let [proof @ .., past, root] = all.as_slice() else { unreachable!() };
            let found = verify_consistency(m, n, past, root, proof);
            assert!(
                matches!(found, Err(ProofError::Root | ProofError::OldRoot)),
                "{old} {new} {at}: {found:?}"
            );
        }
    }
}

fn bits(hashes: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..hashes).flat_map(|at| (0..Hash::BYTES * 8).map(move |bit| (at, bit)))
}

fn flip(hash: &mut Hash, bit: usize) {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    *hash = Hash::from_bytes(bytes);
}

#[test]
fn a_proof_is_for_one_place_only() {
    let naive = Naive::of(leaves(70));
    for size in 1..=70 {
        let root = naive.root(0, size);
        for index in 0..size {
            let path = naive.path(index, size);
            for other in (0..size as u64 + 3).filter(|other| *other != index as u64) {
                assert!(verify_inclusion(&naive.leaves[index], other, size as u64, &path, &root).is_err());
            }
        }
    }
}

#[test]
fn a_proof_that_is_too_short_or_too_long_is_refused() {
    let naive = Naive::of(leaves(40));
    for (old, new) in (1..=40).flat_map(|new| (1..=new).map(move |old| (old, new))) {
        let (root, past, m, n) = (naive.root(0, new), naive.root(0, old), old as u64, new as u64);
        let leaf = naive.leaves[old - 1];
        let (path, proof) = (naive.path(old - 1, new), naive.proof(old, new));
        for added in [root, past, leaf, Hash::EMPTY] {
            for path in [[path.clone(), vec![added]].concat(), [vec![added], path.clone()].concat()] {
                let refused = ProofError::Length { expected: path.len() - 1, found: path.len() };
                assert_eq!(verify_inclusion(&leaf, m - 1, n, &path, &root), Err(refused));
            }
            for proof in [[proof.clone(), vec![added]].concat(), [vec![added], proof.clone()].concat()] {
                let refused = ProofError::Length { expected: proof.len() - 1, found: proof.len() };
                assert_eq!(verify_consistency(m, n, &past, &root, &proof), Err(refused));
            }
        }
        for less in 0..path.len() {
            let refused = ProofError::Length { expected: path.len(), found: less };
            assert_eq!(verify_inclusion(&leaf, m - 1, n, &path[..less], &root), Err(refused));
        }
        for less in 0..proof.len() {
            let refused = ProofError::Length { expected: proof.len(), found: less };
            assert_eq!(verify_consistency(m, n, &past, &root, &proof[..less]), Err(refused));
        }
    }
}

#[test]
fn sizes_that_need_no_proof_still_have_their_roots_compared() {
    let [one, other] = [leaves(1)[0], leaves(2)[1]];
    assert_eq!(verify_consistency(0, 0, &Hash::EMPTY, &Hash::EMPTY, &[]), Ok(()));
    assert_eq!(verify_consistency(0, 1, &Hash::EMPTY, &one, &[]), Ok(()));
    assert_eq!(verify_consistency(1, 1, &one, &one, &[]), Ok(()));
    assert_eq!(verify_consistency(0, 1, &one, &one, &[]), Err(ProofError::OldRoot));
    assert_eq!(verify_consistency(0, 0, &Hash::EMPTY, &one, &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency(1, 1, &one, &other, &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency(2, 1, &one, &one, &[]), Err(ProofError::Order { old: 2, new: 1 }));
    let spare = ProofError::Length { expected: 0, found: 1 };
    assert_eq!(verify_consistency(0, 1, &Hash::EMPTY, &one, &[one]), Err(spare.clone()));
    assert_eq!(verify_consistency(1, 1, &one, &one, &[one]), Err(spare));
    assert_eq!(verify_inclusion(&one, 0, 0, &[], &one), Err(ProofError::Index { index: 0, size: 0 }));
}

#[test]
fn what_cannot_be_proved_is_refused_with_its_reason() {
    let log = Log::of(&leaves(10));
    assert_eq!(inclusion(&log, 7, 7), Err(ReadError::NoLeaf { index: 7, size: 7 }));
    assert_eq!(inclusion(&log, 7, 11), Err(ReadError::Size { asked: 11, size: 10 }));
    assert_eq!(consistency(&log, 8, 7), Err(ReadError::Order { old: 8, new: 7 }));
    assert_eq!(consistency(&log, 0, 7), Ok(Vec::new()));
    assert_eq!(consistency(&log, 7, 7), Ok(Vec::new()));
}

#[test]
fn a_rewritten_log_cannot_prove_that_it_continues_the_old_one() {
    let honest = leaves(500);
    let old = Naive::of(honest[..300].to_vec());
    let removed = [&honest[..150], &honest[151..]].concat();
    let mut changed = honest.clone();
    changed[299] = Hash::EMPTY;
    let mut reordered = honest.clone();
    reordered.swap(10, 11);
    let inserted = [&honest[..299], &[Hash::EMPTY], &honest[299..]].concat();
    for rewritten in [removed, changed, reordered, inserted] {
        let log = Log::of(&rewritten);
        let proof = consistency(&log, 300, log.tree.size()).unwrap();
        let found = verify_consistency(300, log.tree.size(), &old.root(0, 300), &log.tree.root(), &proof);
        assert_eq!(found, Err(ProofError::OldRoot));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn proofs_of_large_logs_are_those_of_the_rfc(sizes in prop::array::uniform3(1usize..70_000)) {
        let [old, new, all] = { let mut sizes = sizes; sizes.sort_unstable(); sizes };
        let naive = Naive::of(leaves(all as u64));
        try_both(&Log::of(&naive.leaves), &naive, old, new);
    }

    #[test]
    fn no_random_proof_verifies_or_panics(
        numbers in prop::array::uniform2(any::<u64>()),
        hashes in prop::collection::vec(any::<[u8; 32]>(), 2..70),
    ) {
        let hashes: Vec<Hash> = hashes.into_iter().map(Hash::from).collect();
        let [a, b] = numbers;
        prop_assert!(verify_inclusion(&hashes[0], a.min(b), a.max(b), &hashes[2..], &hashes[1]).is_err());
        prop_assert!(verify_consistency(a.min(b), a.max(b), &hashes[0], &hashes[1], &hashes[2..]).is_err());
    }
}
