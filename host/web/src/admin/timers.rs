//! Timers of a plugin: what is set, and those whose handler failed, for those who manage the plugin.

use std::sync::Arc;

use dinh_model::Language;
use dinh_runtime::Plugin;
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Block, ChoiceStyle, Choices, FieldKind, Format, Page, Section};
use dinh_services::schedule::{self, KnownTimer, Standing, TimerId};

use super::blocks::{deed, fact, facts, folded_form, link, note, page as blank, section};
use super::desk::{Desk, Given, Inputs};
use super::fields::{Described, field, form, option, reason};
use super::table::Rows;

/// Timers that the page shows; the command line shows all.
const SHOWN: usize = 100;

/// A plugin with timers that wait for people.
struct Waits {
    plugin: Arc<Plugin>,
    parked: usize,
}

/// `/timers/PLUGIN`
pub fn page(desk: &mut Desk<'_>, plugin: &str) -> Given<Page> {
    let plugin = find(desk, plugin)?;
    let parked = schedule::known(desk.call, &plugin.data, true, None, SHOWN)?;
    let all = schedule::known(desk.call, &plugin.data, false, None, SHOWN)?;
    let standing = schedule::standing(desk.call, &plugin.data)?.unwrap_or_default();
    let mut page = blank(desk.say("Hẹn giờ", "Timers"));
    page.subtitle = Some(plugin.manifest.name.get(desk.language()).to_owned());
    page.breadcrumbs = vec![link(desk.say("Việc cần xử lý", "Inbox"), "/inbox")];
    if !parked.is_empty() {
        let confirm = desk.say("Cho chạy lại các hẹn giờ đã chọn?", "Let the selected timers fire again?");
        let again = deed(desk.say("Chạy lại", "Fire again"), "retry-timer", confirm);
        let table = table(desk, "parked", &plugin, &parked).bulk(spelled, vec![again]).within().block();
        page.sections.push(section("parked", desk.say("Tạm gác", "Parked"), vec![table]));
        page.sections.push(dropping(desk, &parked));
    }
    let mut blocks = vec![how_many(desk, standing), table(desk, "timers", &plugin, &all).within().block()];
    if standing.timers > SHOWN as u64 {
        blocks.push(note(desk.say(
            "Đây là 100 hẹn giờ đầu; lệnh `dinh timer list` liệt kê tất cả.",
            "These are the first 100; `dinh timer list` lists all.",
        )));
    }
    page.sections.push(section("all", desk.say("Tất cả", "All"), blocks));
    Ok(page)
}

/// What comes back from it.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, plugin: &str) -> Given<Outcome> {
    let plugin = find(desk, plugin)?;
    let path = format!("/timers/{}", plugin.manifest.id);
    match inputs.0.form.as_str() {
        "retry-timer" => {
            for one in &inputs.0.selected {
                schedule::retry(desk.call, &plugin.data, &timer(one))?;
            }
            desk.done(path, "Các hẹn giờ sẽ chạy lại ngay", "The timers fire again at once")
        }
        "drop-timer" => {
            schedule::drop_timer(
                desk.call,
                &plugin.data,
                &timer(inputs.text("timer")),
                inputs.text("reason"),
            )?;
            desk.done(path, "Đã bỏ qua hẹn giờ", "The timer was given up")
        }
        _ => Err(desk.missing()),
    }
}

/// The plugins with timers that the reader may retry or drop; none when there are none.
pub fn waiting(desk: &Desk<'_>) -> Given<Option<Section>> {
    let mut found = Vec::new();
    for plugin in desk.plugins() {
        let parked = schedule::standing(desk.call, &plugin.data)?.map_or(0, |standing| standing.parked);
        if parked > 0 {
            found.push(Waits { plugin, parked });
        }
    }
    if found.is_empty() {
        return Ok(None);
    }
    let language = desk.language();
    let table = Rows::new("parked-timers", &found, String::new())
        .text("plugin", desk.say("Ứng dụng", "Plugin"), |it| {
            it.plugin.manifest.name.get(language).to_owned()
        })
        .target(|it| Some(format!("/timers/{}", it.plugin.manifest.id)))
        .number("parked", desk.say("Số hẹn giờ", "Timers"), Format::Integer, |it| it.parked as u64);
    let title = desk.say("Hẹn giờ mà ứng dụng không xử lý được", "Timers that a plugin could not digest");
    Ok(Some(section("timers-waiting", title, vec![table.within().block()])))
}

fn find(desk: &Desk<'_>, id: &str) -> Given<Arc<Plugin>> {
    let found = desk.plugins().into_iter().find(|plugin| plugin.manifest.id.as_str() == id);
    found.ok_or_else(|| desk.missing())
}

fn how_many(desk: &Desk<'_>, standing: Standing) -> Block {
    let number = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    facts(vec![
        fact(desk.say("Đã đặt", "Set"), number(standing.timers)),
        fact(desk.say("Đang thử lại sau lỗi", "Tried again after a failure"), number(standing.failing)),
        fact(desk.say("Tạm gác", "Parked"), number(standing.parked as u64)),
    ])
}

fn table<'r>(desk: &Desk<'_>, id: &str, plugin: &Plugin, timers: &'r [KnownTimer]) -> Rows<'r, KnownTimer> {
    let language = desk.language();
    Rows::new(id, timers, desk.say("Không có hẹn giờ nào.", "There is no timer."))
        .text("timer", desk.say("Hẹn giờ", "Timer"), |it| title(plugin, &it.name, language))
        .code("key", desk.say("Khoá", "Key"), |it| it.key.clone())
        .moment("due", desk.say("Đến hạn", "Due"), |it| it.due)
        .text("recurs", desk.say("Lặp lại", "Recurs"), |it| match it.recurs {
            true => desk.say("Có", "Yes"),
            false => desk.say("Không", "No"),
        })
        .number("failures", desk.say("Số lần lỗi", "Failures"), Format::Integer, |it| {
            it.failures.into()
        })
        .maybe("why", desk.say("Lỗi gần nhất", "Last failure"), |it| {
            it.failure.as_ref().map(|why| failure(desk, why))
        })
}

fn title(plugin: &Plugin, name: &str, language: Language) -> String {
    let declared = plugin.manifest.timers.iter().find(|declared| declared.name == name);
    declared.map_or_else(|| name.to_owned(), |declared| declared.title.get(language).to_owned())
}

/// Why a timer could not be digested, in words.
fn failure(desk: &Desk<'_>, why: &str) -> String {
    match why {
        "trapped" => desk.say("Ứng dụng dừng đột ngột", "The plugin broke off"),
        "failed" => desk.say("Ứng dụng báo lỗi", "The plugin failed"),
        "refused" => desk.say("Ứng dụng làm điều bị từ chối", "The plugin did what is refused"),
        "conflict" => desk.say("Luôn trùng với việc khác", "It always conflicts with others"),
        limit => format!("{}: {limit}", desk.say("Vượt giới hạn", "Reached a limit")),
    }
}

/// A timer in one text, which [`timer`] reads again; names hold no blank.
fn spelled(timer: &KnownTimer) -> String {
    format!("{} {}", timer.name, timer.key)
}

fn timer(spelled: &str) -> TimerId {
    let (name, key) = spelled.split_once(' ').unwrap_or((spelled, ""));
    TimerId { name: name.to_owned(), key: key.to_owned() }
}

fn dropping(desk: &Desk<'_>, parked: &[KnownTimer]) -> Section {
    let choices = parked.iter().map(|it| option(spelled(it), spelled(it))).collect();
    let kind = FieldKind::Choice(Choices { choices, style: ChoiceStyle::Select });
    let fields = vec![
        field("timer", desk.say("Hẹn giờ", "Timer"), kind).required(),
        reason(desk.say("Lý do", "Reason")),
    ];
    let give_up = form("drop-timer", desk.say("Bỏ qua", "Give it up"), fields);
    folded_form("drop", desk.say("Bỏ qua hẹn giờ tạm gác", "Give a parked timer up"), give_up)
}
