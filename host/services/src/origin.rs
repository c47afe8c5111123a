//! Where a call comes from: all that a call may depend on besides the store.

use dinh_model::{Actor, Language, Timestamp};

/// Where a call comes from. Together with the snapshot it decides everything a call does: a call that is
/// run again with the same origin over the same data does the same.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Who acts.
    pub actor: Actor,
    /// The language of what is said back.
    pub language: Language,
    /// The call's one instant.
    pub now: Timestamp,
    /// What the call's random numbers are made from.
    pub seed: [u8; 32],
    /// Break-glass: the owner of the data folder acts beside the rules. Every check passes, and every call
    /// that relied on it says so in the evidence.
    pub operator: bool,
}

impl Origin {
    /// The same as the owner of the data folder (`--as-operator`).
    pub fn as_operator(mut self) -> Self {
        self.operator = true;
        self
    }
}
