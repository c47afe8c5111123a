//! `dinh inbox`.

use anyhow::Result;
use clap::Args;
use dinh_model::RequestId;
use dinh_services::accounts::{Request, Task, inbox, my_requests};
use dinh_services::{Call, Platform, ServiceError};
use serde::{Deserialize, Serialize};

use super::Authority;
use super::decide::ShownRequest;
use crate::reply::Reply;

/// Requests fetched in one go.
const SLICE: usize = 200;

/// What waits, and for whom.
#[derive(Args, Debug, Serialize, Deserialize)]
pub struct InboxDeed {
    /// What whoever acts asked for, decided or not, instead of what waits for them
    #[arg(long)]
    pub mine: bool,
    /// At most so many
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    pub limit: usize,
}

/// Lists it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: &InboxDeed) -> Result<Reply> {
    let shown = authority.perform(platform, "inbox", |call| {
        let requests = if deed.mine {
            my_requests(call, None, deed.limit)?.requests
        } else {
            waiting(call, deed.limit)?
        };
        Ok(requests.iter().map(|request| ShownRequest::new(call, request)).collect::<Vec<_>>())
    })?;
    let rows: Vec<_> = shown
        .iter()
        .map(|it| {
            [
                it.request.to_string(),
                it.kind.to_owned(),
                it.what.clone(),
                it.by.clone(),
                it.at.to_string(),
                it.state.to_owned(),
                it.reason.clone(),
            ]
        })
        .collect();
    Ok(Reply::table(shown, ["request", "kind", "what", "asked by", "at", "state", "why"], rows))
}

fn waiting(call: &Call, limit: usize) -> Result<Vec<Request>, ServiceError> {
    let (mut found, mut after): (_, Option<RequestId>) = (Vec::new(), None);
    while found.len() < limit {
        let page = inbox(call, after, SLICE.min(limit - found.len()))?;
        found.extend(page.tasks.into_iter().map(|Task::Decide(request)| request));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}
