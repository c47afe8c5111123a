//! Other permission engines on the decisions of ours.
//!
//! The tests ask Cedar for a second opinion on random organisations. The program answers the questions of the
//! table of benches with one of the peers, which `benches/src/rows/peers.rs` starts, compares and times.
//!
//! ```text
//! table of benches ──facts, questions──▶ setting ──held──▶ cedar │ casbin │ biscuit │ rego ──answers, times──▶
//! ```
//!
//! Every peer is set up as its own guide advises. Each is given what is in force, for whoever is active and as far
//! as they are cleared, and its requests ready made where it takes such: all that is left to it is to decide.

// A measurement that cannot be set up should fail as loudly as it can.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

pub mod biscuit;
pub mod casbin;
pub mod cedar;
pub mod held;
pub mod rego;
pub mod setting;

use setting::Setting;

/// A peer that is ready: the answer to the question with a number.
pub type Peer = Box<dyn FnMut(usize) -> bool>;

/// The peer of that name, as the package registry has it, ready for the questions of a setting.
pub fn peer(name: &str, setting: &Setting) -> Peer {
    match name {
        "cedar-policy" => cedar::peer(setting),
        "casbin" => casbin::peer(setting),
        "biscuit-auth" => biscuit::peer(setting),
        "regorus" => rego::peer(setting),
        other => panic!("there is no peer {other}"),
    }
}
