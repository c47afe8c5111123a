//! One dataset: its fields, what it may be asked for, who reads it, and how a system outside asks for it.

use dinh_model::{Keep, PluginId};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Choice, ChoiceStyle, Choices, FieldKind, Page, Section, TextRange};
use dinh_services::permissions::SHARING_REQUEST;
use dinh_services::sharing::{
    ContractFilter, NewContract, Offer, OfferedField, contracts, find_offer, request_for_account,
};

use super::{contracts as list, register, words};
use crate::admin::blocks::{
    badge, fact, facts, folded_form, leading, link, note, page as blank, section, text,
};
use crate::admin::desk::{Desk, Given, Inputs};
use crate::admin::fields::{Described, choice, field, form, option};
use crate::admin::table::Rows;

/// Contracts that the page shows; their list shows all.
const SHOWN: usize = 20;

fn find(desk: &Desk<'_>, plugin: &str, name: &str) -> Given<Offer> {
    let plugin: PluginId = plugin.parse().map_err(|_| desk.missing())?;
    find_offer(desk.call, &plugin, name)?.ok_or_else(|| desk.missing())
}

/// `/datasets/PLUGIN/NAME`
pub fn page(desk: &mut Desk<'_>, plugin: &str, name: &str) -> Given<Page> {
    let offer = find(desk, plugin, name)?;
    let language = desk.language();
    let dataset = &offer.dataset;
    let mut page = blank(dataset.title.get(language).to_owned());
    page.subtitle = Some(dataset.summary.get(language).to_owned());
    let register = desk.say("Danh mục dữ liệu chia sẻ", "Register of shared data");
    page.breadcrumbs = desk.way(vec![link(register, "/datasets")]);
    let (label, label_tone) = register::label(&offer, language);
    let (access, access_tone) = register::access(desk, &offer);
    let about = vec![
        fact(desk.say("Ứng dụng cung cấp", "Offered by"), text(words::plugin(desk, &offer.plugin))),
        fact(desk.say("Đơn vị quản lý", "Owner"), Value::Unit(offer.home_unit.0)),
        badge(desk.say("Độ mật cao nhất", "Highest label"), label, label_tone),
        badge(desk.say("Cách dùng", "Access"), access, access_tone),
        fact(desk.say("Cập nhật", "Updated"), text(words::frequency(dataset.updated, language))),
        fact(desk.say("Mã", "Code"), text(format!("{}/{}", offer.plugin, dataset.name))),
    ];
    page.sections.push(section("about", desk.say("Thông tin chung", "About"), vec![facts(about)]));
    page.sections.push(fields_of(desk, &offer));
    if !dataset.purposes.is_empty() {
        let purposes = Rows::new("purposes", &dataset.purposes, String::new())
            .text("title", desk.say("Mục đích", "Purpose"), |purpose| {
                purpose.title.get(language).to_owned()
            })
            .code("name", desk.say("Mã", "Code"), |purpose| purpose.name.clone())
            .within()
            .block();
        page.sections.push(section(
            "purposes-of",
            desk.say("Mục đích được phép", "What it may be asked for"),
            vec![purposes],
        ));
    }
    let filter = ContractFilter {
        plugin: Some(offer.plugin.clone()),
        dataset: Some(dataset.name.clone()),
        ..ContractFilter::default()
    };
    let found = contracts(desk.call, &filter, None, SHOWN)?;
    if !found.contracts.is_empty() {
        let empty = String::new();
        let table = list::table(desk, "contracts", &found.contracts, empty).within().block();
        page.sections.push(section("contracts-of", desk.say("Thoả thuận chia sẻ", "Contracts"), vec![table]));
    }
    page.sections.extend(asking(desk, &offer));
    Ok(page)
}

fn fields_of(desk: &Desk<'_>, offer: &Offer) -> Section {
    let language = desk.language();
    let table = Rows::new("fields", &offer.fields, String::new())
        .text("title", desk.say("Trường", "Field"), |field| field.title.get(language).to_owned())
        .code("name", desk.say("Mã", "Code"), |field| field.name.clone())
        .text("type", desk.say("Kiểu", "Type"), |field| words::kind(&field.kind, language))
        .text("label", desk.say("Độ mật", "Label"), |field| field.label.name(language).to_owned())
        .maybe("meaning", desk.say("Ý nghĩa dùng chung", "Meaning"), |field| field.meaning.clone())
        .block();
    section("fields-of", desk.say("Các trường", "Fields"), vec![table])
}

/// Fields to choose from, each with its name.
pub fn choices(desk: &Desk<'_>, fields: &[&OfferedField]) -> Vec<Choice> {
    let language = desk.language();
    let titled = |field: &&OfferedField| {
        let secrecy = if field.label > dinh_model::Label::Ordinary {
            format!(" – {}", field.label.name(language))
        } else {
            String::new()
        };
        option(field.name.as_str(), format!("{} ({}){secrecy}", field.title.get(language), field.name))
    };
    fields.iter().map(titled).collect()
}

/// The form by which a system outside asks, for those who may ask anywhere.
fn asking(desk: &mut Desk<'_>, offer: &Offer) -> Option<Section> {
    let title = desk.say("Đề nghị cho hệ thống ngoài", "Ask for a system outside");
    if offer.dataset.purposes.is_empty() || desk.call.require_somewhere(&SHARING_REQUEST, None).is_err() {
        return None;
    }
    let language = desk.language();
    let purposes = offer.dataset.purposes.iter();
    let purposes =
        purposes.map(|purpose| option(purpose.name.as_str(), purpose.title.get(language))).collect();
    let fields: Vec<_> = offer.fields.iter().collect();
    let fields = Choices { choices: choices(desk, &fields), style: ChoiceStyle::Automatic };
    let keeps =
        Keep::ALL.into_iter().map(|keep| option(keep.as_str(), words::keep(keep, language))).collect();
    let ask = form(
        "ask",
        desk.say("Gửi đề nghị", "Ask"),
        vec![
            field("account", desk.say("Tài khoản của hệ thống", "The system's account"), FieldKind::Account)
                .required()
                .help(desk.say(
                    "Hệ thống đọc bằng mã truy cập của tài khoản này, trong phạm vi các đơn vị mà tài khoản được giao quyền đọc bộ dữ liệu.",
                    "It reads with an access token of this account, in the units where the account may read datasets.",
                )),
            field("fields", desk.say("Các trường cần", "Fields"), FieldKind::ChoiceList(fields)).required(),
            choice("purpose", desk.say("Mục đích", "Purpose"), purposes).required(),
            field(
                "basis",
                desk.say("Căn cứ pháp lý", "Legal basis"),
                FieldKind::LongText(TextRange { minimum: 0, maximum: 400 }),
            )
            .required(),
            choice("keep", desk.say("Được lưu giữ", "What may be kept"), keeps).required(),
        ],
    );
    let why = note(desk.say(
        "Ứng dụng trên nền tảng thì đề nghị ở mục Thoả thuận chia sẻ, theo khai báo của ứng dụng.",
        "Plugins of the platform ask under Contracts, as their manifests declare.",
    ));
    let mut section = folded_form("ask-for-it", title, ask);
    section.blocks.insert(0, why);
    Some(section)
}

/// What comes back from it.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, plugin: &str, name: &str) -> Given<Outcome> {
    if inputs.0.form != "ask" {
        return Err(desk.missing());
    }
    let offer = find(desk, plugin, name)?;
    let account = inputs.account("account").ok_or_else(|| desk.missing())?;
    let new = NewContract {
        provider: offer.plugin.clone(),
        dataset: offer.dataset.name.clone(),
        fields: inputs.texts("fields").to_vec(),
        purpose: inputs.text("purpose").to_owned(),
        legal_basis: inputs.text("basis").to_owned(),
        keep: inputs.parsed("keep")?,
    };
    let contract = request_for_account(desk.call, account, new)?;
    desk.done(format!("/contracts/{contract}"), "Đã gửi đề nghị chia sẻ", "The contract was asked for")
}

/// The dataset of a contract, as a fact that leads to it.
pub fn fact_of(
    desk: &Desk<'_>,
    contract: &dinh_services::sharing::Contract,
) -> dinh_runtime::bindings::views::Fact {
    let path = format!("/datasets/{}/{}", contract.provider, contract.dataset);
    leading(desk.say("Bộ dữ liệu", "Dataset"), text(words::dataset(desk, contract)), path)
}
