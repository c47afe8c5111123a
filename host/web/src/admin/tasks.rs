//! Tasks of plugins: the records that wait for the reader, as the plugins' manifests say.

use std::sync::Arc;

use dinh_runtime::Plugin;
use dinh_runtime::bindings::views::{PluginPage, Section, Target};
use dinh_services::records::{RecordError, TaskRule, WaitingRecord, waiting};
use dinh_services::{Call, ServiceError};

use super::blocks::{note, section};
use super::desk::{Desk, Given};
use super::table::{ON_A_PAGE, Rows};

/// Records of one rule that are counted; a person who has more knows that there is much to do.
const COUNTED: usize = 200;

/// One task.
struct Waits<'a> {
    rule: &'a TaskRule,
    record: WaitingRecord,
}

/// What waits in each application, by its name; at most fifty of each kind of task.
pub fn sections(desk: &mut Desk<'_>) -> Given<Vec<Section>> {
    let mut sections = Vec::new();
    for plugin in desk.plugins() {
        let (mut waits, mut more) = (Vec::new(), false);
        for rule in &plugin.manifest.tasks {
            let Some(found) = of_rule(desk.call, &plugin, rule, ON_A_PAGE)? else { continue };
            more |= found.more;
            waits.extend(found.records.into_iter().map(|record| Waits { rule, record }));
        }
        if waits.is_empty() && !more {
            continue;
        }
        let language = desk.language();
        let id = &plugin.manifest.id;
        let to = |task: &Waits<'_>| {
            let path = format!("{}/{}", task.rule.path.trim_end_matches('/'), task.record.id);
            Some(Target::Plugin(PluginPage { plugin: id.to_string(), path }))
        };
        let table = Rows::new(&format!("tasks-{id}"), &waits, String::new())
            .text("task", desk.say("Việc", "Task"), |task| task.rule.title.get(language).to_owned())
            .leads(to)
            .maybe("subject", desk.say("Nội dung", "What"), |task| task.record.subject.clone())
            .unit("unit", desk.say("Đơn vị", "Unit"), |task| task.record.target.unit);
        let mut blocks = vec![table.within().block()];
        if more {
            blocks.push(note(desk.say(
                "Có thể còn nữa; hãy mở ứng dụng để xem tất cả.",
                "There may be more; open the application to see all of them.",
            )));
        }
        let name = plugin.manifest.name.get(language).to_owned();
        sections.push(section(&format!("waiting-{id}"), name, blocks));
    }
    Ok(sections)
}

/// How much waits for the actor in these applications, and whether there may be more.
pub fn count(call: &mut Call, plugins: &[Arc<Plugin>]) -> Result<(usize, bool), ServiceError> {
    let (mut count, mut more) = (0, false);
    for plugin in plugins {
        for rule in &plugin.manifest.tasks {
            let Some(found) = of_rule(call, plugin, rule, COUNTED)? else { continue };
            count += found.records.len();
            more |= found.more;
        }
    }
    Ok((count, more))
}

/// What waits by one rule; none when the plugin's records cannot be read, which is said to the operator and does not
/// keep anybody from what else waits.
fn of_rule(
    call: &mut Call,
    plugin: &Plugin,
    rule: &TaskRule,
    limit: usize,
) -> Result<Option<dinh_services::records::WaitingRecords>, ServiceError> {
    match waiting(call, &plugin.data, rule, limit) {
        Ok(found) => Ok(Some(found)),
        Err(RecordError::Service(error)) => Err(error),
        Err(error) => {
            tracing::warn!(plugin = %plugin.manifest.id, task = rule.name, %error, "its tasks cannot be read");
            Ok(None)
        }
    }
}
