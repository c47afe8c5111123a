//! Party dues, with members read from personnel under a contract that lets nothing but references be kept.

mod cell;
mod changes;
mod contract;
mod division;
mod ledger;
mod outline;
mod periods;
mod spending;
mod tree;
