//! What is measured: one file for each floor of the house.

use crate::Group;

pub mod access;
pub mod calls;
pub mod copied;
pub mod events;
pub mod fair;
pub mod first_page;
pub mod floor;
pub mod house;
pub mod limits;
pub mod log;
pub mod many;
pub mod neighbours;
pub mod pages;
pub mod peers;
pub mod projection;
pub mod rights;
pub mod sealed;
pub mod sharing;
pub mod store;

/// All groups, in the order of the table.
pub const GROUPS: &[Group] = &[
    Group { name: "access", rows: access::rows },
    Group { name: "peers", rows: peers::rows },
    Group { name: "rights", rows: rights::rows },
    Group { name: "store", rows: store::rows },
    Group { name: "projection", rows: projection::rows },
    Group { name: "sealed", rows: sealed::rows },
    Group { name: "sharing", rows: sharing::rows },
    Group { name: "events", rows: events::rows },
    Group { name: "first-page", rows: first_page::rows },
    Group { name: "fair", rows: fair::rows },
    Group { name: "log", rows: log::rows },
    Group { name: "calls", rows: calls::rows },
    Group { name: "limits", rows: limits::rows },
    Group { name: "neighbours", rows: neighbours::rows },
    Group { name: "many", rows: many::rows },
    Group { name: "pages", rows: pages::rows },
];
