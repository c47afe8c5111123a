//! Tasks: the records that wait for whoever acts, as the plugins' manifests say; contracts and waivers to decide, and
//! copies whose contract has ended; timers that were parked.

use anyhow::Result;
use dinh_model::PluginId;
use dinh_services::records::{self, RecordError};
use dinh_services::{ServiceError, schedule, sharing};
use serde::Serialize;

use super::super::{Authority, named};
use crate::day;
use crate::house::House;
use crate::reply;

/// Tasks of one kind that are listed; the plugin's own page shows all.
const SHOWN: usize = 50;

/// A task.
#[derive(Serialize)]
pub(super) struct Task {
    plugin: PluginId,
    /// What is to be done.
    task: String,
    /// What tells it from others of its kind.
    subject: Option<String>,
    unit: String,
    /// The page on which it is done.
    page: String,
    /// There are more of this kind than are listed.
    more: bool,
}

/// What waits for whoever acts. Plugins that cannot be loaded or read are passed over; `dinh plugin list` says why.
pub(super) fn waiting(house: &House, authority: &Authority) -> Result<Vec<Task>> {
    let plugins = house.runtime()?.plugins();
    let itself: PluginId = PluginId::PLATFORM.parse()?;
    let found = authority.perform(house.platform(), "inbox", |call| {
        let mut tasks = Vec::new();
        let decide = |what: &str, subject: String, unit, page| Task {
            plugin: itself.clone(),
            task: format!("decide {what}"),
            subject: Some(subject),
            unit,
            page,
            more: false,
        };
        for contract in sharing::open_contracts(call)? {
            let unit = named::code_of(call, contract.provider_unit);
            let page = format!("/apps/{itself}/contracts/{}", contract.id);
            tasks.push(decide(&format!("contract {}", contract.id), contract.of(), unit, page));
        }
        for waiver in sharing::open_waivers(call)? {
            let unit = named::code_of(call, waiver.unit);
            let page = format!("/apps/{itself}/waivers/{}/{}", waiver.plugin, waiver.meaning);
            tasks.push(decide("a waiver", format!("{} {}", waiver.plugin, waiver.meaning), unit, page));
        }
        for (contract, copies) in sharing::due_copies(call)? {
            let removed = day::cell(copies.due.map(|due| due.removed_from));
            tasks.push(Task {
                plugin: itself.clone(),
                task: format!(
                    "remove or justify {} copies; they are removed from {removed}",
                    copies.records()
                ),
                subject: Some(contract.of()),
                unit: named::code_of(call, contract.consumer_unit),
                page: format!("/apps/{itself}/contracts/{}", contract.id),
                more: copies.more,
            });
        }
        for contract in sharing::feed::parked_contracts(call)? {
            tasks.push(Task {
                plugin: itself.clone(),
                task: format!("retry or drop what {} could not digest", contract.consumer.subject()),
                subject: Some(contract.of()),
                unit: named::code_of(call, contract.consumer_unit),
                page: format!("/apps/{itself}/contracts/{}", contract.id),
                more: false,
            });
        }
        for plugin in &plugins {
            let timers = schedule::standing(call, &plugin.data)?.map_or(0, |standing| standing.parked);
            if timers > 0 {
                let id = &plugin.manifest.id;
                tasks.push(Task {
                    plugin: itself.clone(),
                    task: format!("retry or drop {timers} timers that {id} could not digest"),
                    subject: Some(plugin.manifest.name.get(call.language()).to_owned()),
                    unit: named::code_of(call, plugin.data.home_unit),
                    page: format!("/apps/{itself}/timers/{id}"),
                    more: false,
                });
            }
            for rule in &plugin.manifest.tasks {
                let found = match records::waiting(call, &plugin.data, rule, SHOWN) {
                    Ok(found) => found,
                    Err(RecordError::Service(error)) => return Err::<_, ServiceError>(error),
                    Err(_) => continue,
                };
                let path = rule.path.trim_end_matches('/');
                for record in found.records {
                    tasks.push(Task {
                        plugin: plugin.manifest.id.clone(),
                        task: rule.title.get(call.language()).to_owned(),
                        unit: named::code_of(call, record.target.unit),
                        page: format!("/apps/{}{path}/{}", plugin.manifest.id, record.id),
                        subject: record.subject,
                        more: found.more,
                    });
                }
            }
        }
        Ok(tasks)
    })?;
    Ok(found)
}

/// Tasks as a table.
pub(super) fn table(tasks: &[Task]) -> String {
    let rows = tasks.iter().map(|it| {
        let subject = it.subject.clone().unwrap_or_else(|| "–".to_owned());
        [it.plugin.to_string(), it.task.clone(), subject, it.unit.clone(), it.page.clone()]
    });
    let text = reply::table(["plugin", "task", "subject", "unit", "page"], rows);
    let more = tasks.iter().any(|task| task.more);
    if more { format!("{text}\nthere are more; the pages of the plugins show them") } else { text }
}
