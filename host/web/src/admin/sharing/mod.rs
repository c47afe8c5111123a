//! Sharing (chia sẻ dữ liệu): the register of what is shared, and the life of contracts.
//!
//! ```text
//! /datasets                  the register: everything that is offered, by whom, under which contracts
//! /datasets/PLUGIN/NAME      one dataset: its fields, purposes and contracts
//! /waivers/PLUGIN/MEANING    a waiver of once-only: why, and the steward's decision
//! /contracts                 the contracts of the reader's units; what their plugins want and have not
//! /contracts/ID              one contract: what is asked, the steward's decision, its end, and what a plugin is told
//!                            of changes
//! ```

pub mod changes;
pub mod contract;
pub mod contracts;
pub mod dataset;
pub mod register;
pub mod waiver;
pub mod words;
