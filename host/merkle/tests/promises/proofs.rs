//! Proofs, made and checked.

use dinh_merkle::{consistency, inclusion};

use crate::support::{self, Log, leaves};

#[test]
fn every_proof_is_that_of_the_rfc() {
    let all = leaves(300);
    let log = Log::of(&all);
    for new in 1..=300 {
        for old in 1..=new {
            let (index, size) = (old as u64 - 1, new as u64);
            assert_eq!(
                inclusion(&log, index, size),
                Ok(support::path(old - 1, &all[..new])),
                "{index} in {size}"
            );
            assert_eq!(
                consistency(&log, old as u64, size),
                Ok(support::proof(old, &all[..new])),
                "{old} in {new}"
            );
        }
    }
}
