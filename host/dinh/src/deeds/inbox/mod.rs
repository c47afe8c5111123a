//! `dinh inbox`: what waits, tasks and notices of plugins too, or what one asked for; and one request with all that an approver has to
//! know, and decided.

mod notices;
mod show;
mod tasks;

use anyhow::Result;
use clap::{Args, Subcommand};
use dinh_model::RequestId;
use dinh_services::accounts::{Request, inbox, my_requests};
use dinh_services::{Call, ServiceError};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Authority;
use super::decide::{self, DecideDeed, ShownRequest};
use crate::day;
use crate::house::House;
use crate::reply::Reply;

/// Requests fetched in one go.
const SLICE: usize = 200;

/// What waits, and for whom.
#[derive(Args, Debug, Serialize, Deserialize)]
pub struct InboxDeed {
    /// What whoever acts asked for, decided or not, newest first, instead of what waits for them, oldest first
    #[arg(long)]
    pub mine: bool,
    /// At most so many
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    pub limit: usize,
    /// Go on after this request
    #[arg(long, value_name = "NUMBER")]
    pub after: Option<RequestId>,
    /// One of them.
    #[command(subcommand)]
    pub one: Option<One>,
}

/// One request.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum One {
    /// Show a request with all that it asks for, and who would gain and lose what if it were approved
    Show {
        /// Its number
        request: RequestId,
    },
    /// Decide it, whatever it asks for
    #[command(flatten)]
    Decide(DecideDeed),
}

/// Lists them, or shows one.
pub(super) fn perform(house: &House, authority: &Authority, deed: &InboxDeed) -> Result<Reply> {
    let platform = house.platform();
    match &deed.one {
        Some(One::Show { request }) => return show::show(platform, authority, *request),
        Some(One::Decide(decision)) => return decide::perform(platform, authority, "inbox", decision),
        None => {}
    }
    let (shown, next) = authority.perform(platform, "inbox", |call| {
        let (requests, next) = if deed.mine {
            let page = my_requests(call, deed.after, deed.limit)?;
            (page.requests, page.next)
        } else {
            waiting(call, deed.after, deed.limit)?
        };
        Ok((requests.iter().map(|request| ShownRequest::new(call, request)).collect::<Vec<_>>(), next))
    })?;
    let rows: Vec<_> = shown
        .iter()
        .map(|it| {
            [
                it.request.to_string(),
                it.kind.to_owned(),
                it.what.clone(),
                it.label.map_or_else(|| "–".to_owned(), |label| label.to_string()),
                day::cell(it.until),
                it.by.clone(),
                day::moment(it.at),
                it.state.to_owned(),
                it.reason.clone(),
            ]
        })
        .collect();
    let heads = ["request", "kind", "what", "label", "until", "asked by", "at", "state", "why"];
    let (tasks, notices) = match deed.mine || deed.after.is_some() {
        true => (Vec::new(), Vec::new()),
        false => (tasks::waiting(house, authority)?, notices::newest(house, authority)?),
    };
    let all = json!({ "requests": shown, "next": next, "tasks": tasks, "notices": notices });
    let mut reply = Reply::table(all, heads, rows);
    if let Some(next) = next {
        reply.text.push_str(&format!("\nthere may be more: --after {next}"));
    }
    if !tasks.is_empty() {
        reply.text.push_str(&format!("\n\n{}", tasks::table(&tasks)));
    }
    if !notices.is_empty() {
        reply.text.push_str(&format!("\n\n{}", notices::table(&notices)));
    }
    Ok(reply)
}

/// What waits for whoever acts, and after which request to go on, if there may be more.
fn waiting(
    call: &Call,
    mut after: Option<RequestId>,
    limit: usize,
) -> Result<(Vec<Request>, Option<RequestId>), ServiceError> {
    let mut found = Vec::new();
    loop {
        let page = inbox(call, after, SLICE.min(limit - found.len()))?;
        found.extend(page.requests);
        after = page.next;
        if after.is_none() || found.len() >= limit {
            return Ok((found, after));
        }
    }
}
