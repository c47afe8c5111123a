//! Waivers of once-only (miễn trừ thu thập một lần): a plugin may collect again what another manages, when a second person
//! agrees. They stand in the register; they are asked for there and decided on their own page.

use dinh_model::PluginId;
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{Block, Fact, Page, Section, Tone};
use dinh_services::permissions::{PLUGIN_MANAGE, SHARING_DECIDE};
use dinh_services::sharing::{
    Waiver, WaiverState, approve_waiver, ask_waiver, get_waiver, open_waivers, owned_meanings, owner_of,
    refuse_waiver, waivers,
};

use super::words;
use crate::admin::blocks::{
    badge, fact, facts, folded_form, link, moment, note, page as blank, section, text,
};
use crate::admin::desk::{Desk, Given, Inputs};
use crate::admin::fields::{Described, form, line, option, reason, select};
use crate::admin::table::Rows;

/// What the register says of waivers: those there are, and the form that asks for one.
pub fn sections(desk: &mut Desk<'_>) -> Given<Vec<Section>> {
    let mut sections = Vec::new();
    let all = waivers(desk.call)?;
    if !all.is_empty() {
        let title = desk.say("Miễn trừ thu thập một lần", "Waivers of once-only");
        sections.push(section("waivers", title, vec![table(desk, "waived", &all)]));
    }
    if desk.call.require_somewhere(&PLUGIN_MANAGE, None).is_ok() {
        sections.extend(asking(desk)?);
    }
    Ok(sections)
}

/// Those that wait for the reader's decision; none when there are none.
pub fn waiting(desk: &mut Desk<'_>) -> Given<Option<Section>> {
    let open = open_waivers(desk.call)?;
    if open.is_empty() {
        return Ok(None);
    }
    let title = desk.say("Đề nghị miễn trừ chờ bạn quyết định", "Waivers for you to decide on");
    Ok(Some(section("waivers-waiting", title, vec![table(desk, "waivers", &open)])))
}

fn table(desk: &Desk<'_>, id: &str, waivers: &[Waiver]) -> Block {
    Rows::new(id, waivers, String::new())
        .text("plugin", desk.say("Ứng dụng", "Plugin"), |waiver| words::plugin(desk, &waiver.plugin))
        .target(|waiver| Some(path(waiver)))
        .code("meaning", desk.say("Ý nghĩa", "Meaning"), |waiver| waiver.meaning.clone())
        .text("reason", desk.say("Lý do", "Reason"), |waiver| waiver.reason.clone())
        .text("asked", desk.say("Người đề nghị", "Asked by"), |waiver| {
            words::signed(desk, &waiver.asked)
        })
        .badge("standing", desk.say("Tình trạng", "Standing"), |waiver| standing(desk, waiver))
        .within()
        .block()
}

fn path(waiver: &Waiver) -> String {
    format!("/waivers/{}/{}", waiver.plugin, waiver.meaning)
}

fn standing(desk: &Desk<'_>, waiver: &Waiver) -> (String, Tone) {
    match &waiver.state {
        WaiverState::Asked => (desk.say("Chờ quyết định", "Asked for"), Tone::Info),
        WaiverState::Agreed(_) => (desk.say("Đã đồng ý", "Agreed to"), Tone::Good),
        WaiverState::Refused { .. } => (desk.say("Đã từ chối", "Refused"), Tone::Bad),
    }
}

/// The form that asks; none while nothing is owned.
fn asking(desk: &mut Desk<'_>) -> Given<Option<Section>> {
    let owned = owned_meanings(desk.call)?;
    if owned.is_empty() {
        return Ok(None);
    }
    let managed = |plugin: &PluginId| words::plugin(desk, plugin);
    let choices = owned
        .iter()
        .map(|(name, owner)| option(name.as_str(), format!("{name} – {}", managed(&owner.plugin))));
    let ask = form(
        "ask-waiver",
        desk.say("Gửi đề nghị", "Ask"),
        vec![
            line("plugin", desk.say("Mã ứng dụng được miễn trừ", "Plugin that may collect it again"), 40)
                .required()
                .help(desk.say("Đã cài đặt hoặc sẽ cài đặt.", "Installed, or yet to be.")),
            select(
                "meaning",
                desk.say("Dữ liệu đã có nơi quản lý", "What is managed already"),
                choices.collect(),
            )
            .required(),
            reason(desk.say("Lý do không dùng dữ liệu chia sẻ", "Why shared data will not do")),
        ],
    );
    let title = desk.say("Đề nghị miễn trừ thu thập một lần", "Ask for a waiver of once-only");
    let why = note(desk.say(
        "Người có quyền quyết định chia sẻ ở đơn vị đang quản lý dữ liệu phải đồng ý.",
        "The steward of the unit that manages the data has to agree.",
    ));
    let mut section = folded_form("asking-waiver", title, ask);
    section.blocks.insert(0, why);
    Ok(Some(section))
}

/// What comes back from the register: a waiver is asked for.
pub fn ask(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    if inputs.0.form != "ask-waiver" {
        return Err(desk.missing());
    }
    let plugin: PluginId = inputs.parsed("plugin")?;
    let meaning = inputs.text("meaning");
    ask_waiver(desk.call, &plugin, meaning, inputs.text("reason"))?;
    desk.done(format!("/waivers/{plugin}/{meaning}"), "Đã gửi đề nghị miễn trừ", "The waiver was asked for")
}

fn find(desk: &Desk<'_>, plugin: &str, meaning: &str) -> Given<Waiver> {
    let plugin: PluginId = plugin.parse().map_err(|_| desk.missing())?;
    Ok(get_waiver(desk.call, &plugin, meaning)?)
}

/// `/waivers/PLUGIN/MEANING`
pub fn page(desk: &mut Desk<'_>, plugin: &str, meaning: &str) -> Given<Page> {
    let waiver = find(desk, plugin, meaning)?;
    let mut page = blank(desk.say("Miễn trừ thu thập một lần", "Waiver of once-only"));
    let register = desk.say("Danh mục dữ liệu chia sẻ", "Register of shared data");
    page.breadcrumbs = desk.way(vec![link(register, "/datasets")]);
    page.sections.push(section(
        "content",
        desk.say("Nội dung", "Content"),
        vec![facts(content(desk, &waiver)?)],
    ));
    let decides = desk.may(&SHARING_DECIDE, waiver.unit) && waiver.state == WaiverState::Asked;
    if decides && open_waivers(desk.call)?.contains(&waiver) {
        let agree = form("approve", desk.say("Đồng ý miễn trừ", "Agree"), Vec::new());
        let title = desk.say("Quyết định", "Decision");
        page.sections.push(section("approval", title, vec![Block::Form(agree)]));
        let refuse = form("refuse", desk.say("Từ chối", "Refuse"), vec![reason(desk.say("Lý do", "Reason"))]);
        page.sections.push(folded_form("refusal", desk.say("Từ chối miễn trừ", "Refuse"), refuse));
    } else if decides {
        let words = desk.say(
            "Người đề nghị không tự quyết định: cần một người khác có thẩm quyền.",
            "Whoever asked does not decide: another person who may has to.",
        );
        page.sections.push(section("approval", desk.say("Quyết định", "Decision"), vec![note(words)]));
    }
    Ok(page)
}

fn content(desk: &Desk<'_>, waiver: &Waiver) -> Given<Vec<Fact>> {
    let (word, tone) = standing(desk, waiver);
    let mut what = vec![
        badge(desk.say("Tình trạng", "Standing"), word, tone),
        fact(desk.say("Ứng dụng được miễn trừ", "Plugin"), text(words::plugin(desk, &waiver.plugin))),
        fact(desk.say("Ý nghĩa", "Meaning"), text(waiver.meaning.clone())),
    ];
    if let Some(owner) = owner_of(desk.call, &waiver.meaning)? {
        let managed = format!("{} ({})", words::plugin(desk, &owner.plugin), owner.field);
        what.push(fact(desk.say("Đang quản lý", "Managed by"), text(managed)));
    }
    what.extend([
        fact(desk.say("Đơn vị quyết định", "Decided by the unit"), crate::admin::fields::unit(waiver.unit)),
        fact(desk.say("Lý do", "Reason"), text(waiver.reason.clone())),
        fact(desk.say("Người đề nghị", "Asked by"), text(words::signed(desk, &waiver.asked))),
        fact(desk.say("Đề nghị lúc", "Asked"), moment(waiver.asked.moment())),
    ]);
    match &waiver.state {
        WaiverState::Asked => {}
        WaiverState::Agreed(signed) => {
            what.push(fact(desk.say("Người đồng ý", "Agreed to by"), text(words::signed(desk, signed))));
            what.push(fact(desk.say("Lúc", "When"), moment(signed.moment())));
        }
        WaiverState::Refused { decided, reason } => {
            what.push(fact(desk.say("Người từ chối", "Refused by"), text(words::signed(desk, decided))));
            what.push(fact(desk.say("Lúc", "When"), moment(decided.moment())));
            what.push(fact(desk.say("Lý do từ chối", "Why it was refused"), text(reason.clone())));
        }
    }
    Ok(what)
}

/// What comes back from it.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, plugin: &str, meaning: &str) -> Given<Outcome> {
    let waiver = find(desk, plugin, meaning)?;
    let there = path(&waiver);
    match inputs.0.form.as_str() {
        "approve" => {
            approve_waiver(desk.call, &waiver.plugin, meaning)?;
            desk.done(there, "Đã đồng ý miễn trừ", "The waiver was agreed to")
        }
        "refuse" => {
            refuse_waiver(desk.call, &waiver.plugin, meaning, inputs.text("reason"))?;
            desk.done(there, "Đã từ chối miễn trừ", "The waiver was refused")
        }
        _ => Err(desk.missing()),
    }
}
