//! Events: what happens without anybody asking. Plugins are told of changes of datasets that they follow, and their
//! timers fire.
//!
//! ```text
//! commit ─ bell ─▶ Teller ─ due? ─▶ pool, the subscriber's lane ─▶ tell: look ─ handle ─ one change with the cursor
//!                     ▲                                              └ failed: singly ─ later ─ parked
//!                     │└───────────────── bell ────────────────────────────┘
//!  clock ─────────────┴─ first timer due? ─▶ pool, its plugin's lane ─▶ fire: take ─ handle ─ one change with what is next
//!                                                                       └ failed: later ─ parked
//! ```
//!
//! One thread decides who is told; the calls run on the pool like any other, one at a time for each subscription and for
//! the timers of each plugin, so that a slow or failing one delays nobody. Nothing is kept here: what is due is read from
//! the store (`dinh_services::sharing::feed`, `dinh_services::schedule`), so that it survives whatever happens to this
//! process. The same thread decides about the steps of jobs ([`jobs`](crate::jobs)).

mod fire;
mod tell;
mod teller;

pub(crate) use tell::Progress;
pub use teller::Teller;
