//! The contracts of the reader's units, and what their plugins want and have not asked for.

use dinh_model::{ContractId, PluginId};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{Action, Block, Effect, Format, Page, Prominence, Section, SubmitEffect};
use dinh_services::permissions::SHARING_REQUEST;
use dinh_services::sharing::{
    Consumer, Contract, ContractFilter, Standing, Want, contracts, due_copies, request, wants,
};

use super::words;
use crate::admin::blocks::{fact, facts, note, page as blank, section, text, untitled};
use crate::admin::desk::{Desk, Given, Inputs};
use crate::admin::fields::{filters, line, select};
use crate::admin::table::Rows;

/// `/contracts`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let language = desk.language();
    let standing = match desk.query("standing") {
        None => None,
        Some(word) => {
            let found = Standing::ALL.into_iter().find(|known| known.as_str() == word);
            Some(found.ok_or_else(|| desk.unclear("standing"))?)
        }
    };
    let filter = ContractFilter { plugin: desk.parsed::<PluginId>("plugin")?, dataset: None, standing };
    let before: Option<ContractId> = desk.parsed("after")?;
    let found = contracts(desk.call, &filter, before, desk.rows())?;
    let next = found.next.map(|next| next.to_string());
    let goes_on = found.contracts.is_empty() && next.is_some();
    let empty = desk.say("Chưa có thoả thuận nào.", "No contracts.");
    let list = table(desk, "contracts", &found.contracts, empty).paged(desk.started(), next).block();
    let narrowing = vec![
        select("standing", desk.say("Tình trạng", "Standing"), words::standings(language)),
        line("plugin", desk.say("Mã ứng dụng", "Plugin"), 40),
    ];
    let mut page = blank(desk.say("Thoả thuận chia sẻ", "Contracts"));
    page.subtitle = Some(desk.say(
        "Ai được đọc dữ liệu của ai, trường nào, vì mục đích gì, đến khi nào.",
        "Who may read whose data: which fields, what for, until when.",
    ));
    page.breadcrumbs = desk.way(vec![]);
    if !desk.exporting() && !desk.started() {
        page.sections.extend(wanting(desk)?);
    }
    let mut blocks = vec![filters(desk.say("Lọc", "Filter"), narrowing), list];
    if goes_on {
        blocks.push(note(desk.say(
            "Chưa thấy thoả thuận nào trong phần vừa xem; hãy xem tiếp.",
            "Nothing in the part looked at; go on.",
        )));
    }
    page.sections.push(untitled("list", blocks));
    Ok(page)
}

/// Contracts as a table.
pub fn table<'r>(desk: &Desk<'_>, id: &str, contracts: &'r [Contract], empty: String) -> Rows<'r, Contract> {
    let (today, language) = (desk.call.today(), desk.language());
    Rows::new(id, contracts, empty)
        .text("dataset", desk.say("Bộ dữ liệu", "Dataset"), |contract| words::dataset(desk, contract))
        .target(|contract| Some(format!("/contracts/{}", contract.id)))
        .text("provider", desk.say("Bên cung cấp", "Provider"), |contract| {
            desk.unit_name(contract.provider_unit)
        })
        .text("consumer", desk.say("Bên sử dụng", "Consumer"), |contract| {
            format!(
                "{} – {}",
                words::consumer(desk, &contract.consumer),
                desk.unit_name(contract.consumer_unit)
            )
        })
        .badge("standing", desk.say("Tình trạng", "Standing"), |contract| {
            words::standing(contract.standing(today), language)
        })
        .day("due", desk.say("Hạn trả lời", "Due"), |contract| {
            contract.standing(today).is_open().then_some(contract.due)
        })
        .day("until", desk.say("Hiệu lực đến hết", "Through"), |contract| {
            contract.until.yesterday().ok()
        })
        .number("number", desk.say("Số", "Number"), Format::Code, |contract| u64::from(contract.id.0))
        .cancelled(|contract| {
            let standing = contract.standing(today);
            matches!(
                standing,
                Standing::Revoked | Standing::Expired | Standing::Withdrawn | Standing::Refused
            )
        })
}

/// The contracts whose copies the reader's units have to remove or justify; none when there are none.
pub fn due_for_removal(desk: &mut Desk<'_>) -> Given<Option<Section>> {
    let due = due_copies(desk.call)?;
    if due.is_empty() {
        return Ok(None);
    }
    let table = Rows::new("copies-due", &due, String::new())
        .text("task", desk.say("Việc", "Task"), |(_, copies)| words::due(desk, copies))
        .target(|(contract, _)| Some(format!("/contracts/{}", contract.id)))
        .text("dataset", desk.say("Bộ dữ liệu", "Dataset"), |(contract, _)| {
            words::dataset(desk, contract)
        })
        .unit("unit", desk.say("Đơn vị", "Unit"), |(contract, _)| contract.consumer_unit)
        .day("removed", desk.say("Hệ thống tự xoá từ", "Removed from"), |(_, copies)| {
            copies.due.map(|due| due.removed_from)
        });
    let title = desk.say("Bản sao hết hạn giữ", "Copies whose time is over");
    Ok(Some(section("copies-waiting", title, vec![table.within().block()])))
}

/// What the plugins of the reader's units want and have no contract for, each with a button that asks.
fn wanting(desk: &mut Desk<'_>) -> Given<Option<Section>> {
    let today = desk.call.today();
    let mut open: Vec<Want> = Vec::new();
    for want in wants(desk.call)? {
        if !desk.may(&SHARING_REQUEST, want.home_unit) {
            continue;
        }
        let filter = ContractFilter { plugin: Some(want.plugin.clone()), ..ContractFilter::default() };
        let known = contracts(desk.call, &filter, None, 1_000)?;
        let consumer = Consumer::Plugin { plugin: want.plugin.clone(), wanted: want.wanted.name.clone() };
        let lives = |contract: &Contract| {
            let standing = contract.standing(today);
            // One that ends soon, or gives less than is wanted, is to be asked for anew.
            let enough = contract.provider == want.wanted.plugin
                && contract.dataset == want.wanted.dataset
                && want.wanted.fields.iter().all(|field| contract.fields.contains(field));
            let goes_on =
                standing == Standing::Coming || (standing.holds() && standing != Standing::Expiring);
            contract.consumer == consumer && (standing.is_open() || (goes_on && enough))
        };
        if !known.contracts.iter().any(lives) {
            open.push(want);
        }
    }
    if open.is_empty() {
        return Ok(None);
    }
    let mut blocks = Vec::new();
    for want in &open {
        let wanted = &want.wanted;
        let label = format!("{} → {}/{}", words::plugin(desk, &want.plugin), wanted.plugin, wanted.dataset);
        blocks.push(facts(vec![
            fact(desk.say("Ứng dụng cần", "Wanted by"), text(label)),
            fact(desk.say("Các trường", "Fields"), text(wanted.fields.join(", "))),
            fact(desk.say("Mục đích", "Purpose"), text(wanted.purpose.clone())),
            fact(desk.say("Căn cứ pháp lý", "Legal basis"), text(wanted.legal_basis.clone())),
            fact(
                desk.say("Được lưu giữ", "What may be kept"),
                text(words::keep(wanted.keep, desk.language())),
            ),
        ]));
        let input = ("wanted".to_owned(), format!("{}/{}", want.plugin, wanted.name));
        let effect = SubmitEffect { form: "request".to_owned(), inputs: vec![input], confirm: None };
        let ask = Action {
            text: desk.say("Gửi đề nghị chia sẻ", "Ask for it"),
            prominence: Prominence::Primary,
            effect: Effect::Submit(effect),
            disabled: None,
        };
        blocks.push(Block::Actions(vec![ask]));
    }
    let title = desk.say("Dữ liệu mà ứng dụng của đơn vị cần", "What your units' plugins want");
    Ok(Some(section("wanting", title, blocks)))
}

/// What comes back: a plugin's wanted dataset is asked for.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    if inputs.0.form != "request" {
        return Err(desk.missing());
    }
    let (plugin, wanted) = inputs.text("wanted").split_once('/').ok_or_else(|| desk.missing())?;
    let plugin: PluginId = plugin.parse().map_err(|_| desk.missing())?;
    let contract = request(desk.call, &plugin, wanted)?;
    desk.done(format!("/contracts/{contract}"), "Đã gửi đề nghị chia sẻ", "The contract was asked for")
}
