//! One contract: what is asked and agreed to, the steward's decision, and its end.

use dinh_model::{ContractId, Date, Keep, Label, UnitId};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{
    Block, ChoiceStyle, Choices, Fact, FieldKind, Form, IntegerRange, Page, Section, TextRange, Tone,
};
use dinh_services::accounts::list_all_units;
use dinh_services::permissions::{SHARING_DECIDE, SHARING_REQUEST};
use dinh_services::sharing::{
    Contract, Offer, Signed, Standing, State, Terms, approve, copies, find_offer, get_contract, refuse,
    replaced, revoke, withdraw,
};

use super::{changes, dataset, words};
use crate::admin::blocks::{
    badge, deed, fact, facts, folded_form, leading, link, moment, notice, page as blank, section, text,
};
use crate::admin::desk::{Desk, Given, Inputs};
use crate::admin::fields::{Described, choice, date, day, field, form, option, reason};

/// `/contracts/ID`
pub fn page(desk: &mut Desk<'_>, id: ContractId) -> Given<Page> {
    let contract = get_contract(desk.call, id)?;
    let language = desk.language();
    let today = desk.call.today();
    let standing = contract.standing(today);
    let offer = find_offer(desk.call, &contract.provider, &contract.dataset)?;
    let mut page = blank(format!("{} {id}", desk.say("Thoả thuận chia sẻ số", "Contract")));
    page.subtitle =
        Some(format!("{} → {}", words::dataset(desk, &contract), words::consumer(desk, &contract.consumer)));
    page.breadcrumbs = desk.way(vec![link(desk.say("Thoả thuận chia sẻ", "Contracts"), "/contracts")]);
    let (word, tone) = words::standing(standing, language);
    let mut what = vec![badge(desk.say("Tình trạng", "Standing"), word, tone)];
    what.extend(content(desk, &contract, offer.as_ref()));
    page.sections.push(section("content", desk.say("Nội dung", "Content"), vec![facts(what)]));
    page.sections.extend(kept(desk, &contract)?);
    page.sections.push(section(
        "course",
        desk.say("Quá trình", "Course"),
        vec![facts(course(desk, &contract, standing))],
    ));
    let steward = desk.may(&SHARING_DECIDE, contract.provider_unit);
    let asker = desk.may(&SHARING_REQUEST, contract.consumer_unit);
    if standing.is_open() {
        if steward {
            page.sections.extend(decision(desk, &contract, offer.as_ref())?);
        }
        if asker {
            let back = deed(
                desk.say("Rút đề nghị", "Withdraw"),
                "withdraw",
                desk.say("Rút đề nghị này?", "Withdraw this request?"),
            );
            let title = desk.say("Đề nghị của đơn vị bạn", "Your unit's request");
            page.sections.push(section("own", title, vec![Block::Actions(vec![back])]));
        }
    }
    page.sections.extend(changes::sections(desk, &contract, asker)?);
    if (standing.holds() || standing == Standing::Coming) && (steward || asker) {
        let end = form("revoke", desk.say("Chấm dứt", "End it"), vec![reason(desk.say("Lý do", "Reason"))]);
        let title = desk.say("Chấm dứt trước hạn", "End it before its time");
        page.sections.push(folded_form("end", title, end));
    }
    Ok(page)
}

fn content(desk: &Desk<'_>, contract: &Contract, offer: Option<&Offer>) -> Vec<Fact> {
    let language = desk.language();
    let titled = |name: &String| {
        let known = offer.and_then(|offer| offer.field(name));
        known.map_or_else(|| name.clone(), |field| field.title.get(language).to_owned())
    };
    let fields: Vec<String> = contract.fields.iter().map(titled).collect();
    let purpose = offer.map_or(contract.purpose.as_str(), |offer| offer.purpose(&contract.purpose, language));
    let units: Vec<String> = contract.units.iter().map(|unit| desk.unit_name(*unit)).collect();
    let units = if units.is_empty() { desk.say("Tất cả", "All") } else { units.join("; ") };
    let mut facts = vec![
        dataset::fact_of(desk, contract),
        fact(desk.say("Bên cung cấp", "Provider"), Value::Unit(contract.provider_unit.0)),
        fact(desk.say("Bên sử dụng", "Consumer"), text(words::consumer(desk, &contract.consumer))),
        fact(desk.say("Đơn vị sử dụng", "Consumer's unit"), Value::Unit(contract.consumer_unit.0)),
        fact(desk.say("Các trường", "Fields"), text(fields.join(", "))),
        fact(desk.say("Mục đích", "Purpose"), text(purpose)),
        fact(desk.say("Căn cứ pháp lý", "Legal basis"), text(contract.legal_basis.clone())),
        fact(desk.say("Đơn vị có dữ liệu được đọc", "Units whose rows are read"), text(units)),
        fact(desk.say("Độ mật cao nhất", "Highest label"), text(contract.label.name(language))),
        fact(desk.say("Quyền người đọc cần có", "Permission of readers"), text(contract.permission.as_str())),
        fact(desk.say("Được lưu giữ", "What may be kept"), text(words::keep(contract.keep, language))),
        fact(
            desk.say("Ứng dụng tự theo dõi thay đổi", "The plugin follows changes by itself"),
            Value::Boolean(contract.changes),
        ),
    ];
    if let Some(until) = contract.copies_until {
        facts.push(fact(desk.say("Giữ bản sao đến hết", "Copies through"), day(until)));
    }
    facts.extend(term(desk, contract));
    if let Some(rows) = contract.rows_a_day {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        facts.push(fact(desk.say("Hạn mức bản ghi mỗi ngày", "Rows a day"), Value::Integer(rows)));
    }
    facts
}

/// From when, and until when; of what never came to hold, what was asked for.
fn term(desk: &Desk<'_>, contract: &Contract) -> [Fact; 2] {
    let through = last_day(contract.until);
    let (from, until) = match &contract.state {
        State::Active(_) => {
            (desk.say("Từ ngày", "From"), fact(desk.say("Đến hết ngày", "Through"), day(through)))
        }
        State::Revoked { ended, .. } => {
            let title = desk.say("Hết hiệu lực từ lúc", "Ended");
            (desk.say("Từ ngày", "From"), fact(title, moment(ended.moment())))
        }
        State::Requested | State::Refused { .. } | State::Withdrawn(_) => {
            let title = desk.say("Đề nghị đến hết ngày", "Asked for through");
            (desk.say("Đề nghị từ ngày", "Asked for from"), fact(title, day(through)))
        }
    };
    [fact(from, day(contract.from)), until]
}

/// What is held under the contract, and until when.
fn kept(desk: &mut Desk<'_>, contract: &Contract) -> Given<Option<Section>> {
    let Some(copies) = copies(desk.call, contract)? else { return Ok(None) };
    let mut what: Vec<Fact> = copies
        .holdings
        .iter()
        .map(|holding| {
            let records = i64::try_from(holding.records).unwrap_or(i64::MAX);
            let kept =
                fact(words::collection(desk, &holding.plugin, &holding.collection), Value::Integer(records));
            Fact {
                help: Some(desk.say("Số bản ghi có nội dung sao lại", "Records that hold copies")),
                ..kept
            }
        })
        .collect();
    if copies.holdings.is_empty() {
        what.push(fact(desk.say("Bản sao", "Copies"), text(desk.say("Không có", "None"))));
    }
    if copies.more {
        let more = desk.say("Còn nữa, chưa đếm hết", "There are more than were counted");
        what.push(fact(desk.say("Chưa đủ", "Not all"), text(more)));
    }
    what.push(fact(desk.say("Được giữ đến hết", "May be kept through"), day(copies.through)));
    let mut blocks = vec![facts(what)];
    if let Some(due) = copies.due {
        blocks.push(Block::Notice(notice(
            Tone::Warning,
            words::due(desk, &copies),
            words::remedy(desk, due),
        )));
    }
    let title = desk.say("Bản sao đang giữ theo thoả thuận", "Copies held under the contract");
    Ok(Some(section("copies", title, blocks)))
}

fn course(desk: &Desk<'_>, contract: &Contract, standing: Standing) -> Vec<Fact> {
    let mut facts = vec![
        fact(desk.say("Người đề nghị", "Asked by"), text(words::signed(desk, &contract.requested))),
        fact(desk.say("Đề nghị lúc", "Asked"), moment(contract.requested.moment())),
    ];
    let (tone, help) = match standing {
        Standing::Overdue => {
            (Tone::Bad, desk.say("Quá hạn hai ngày làm việc", "The two working days are over"))
        }
        _ => (Tone::Neutral, desk.say("Hai ngày làm việc", "Two working days")),
    };
    let due = fact(desk.say("Hạn trả lời", "To be decided by"), day(contract.due));
    facts.push(Fact { tone, help: Some(help), ..due });
    let mut did = |who: [&str; 2], when: [&str; 2], signed: &Signed| {
        facts.push(fact(desk.say(who[0], who[1]), text(words::signed(desk, signed))));
        facts.push(fact(desk.say(when[0], when[1]), moment(signed.moment())));
    };
    let agreed = (["Người đồng ý", "Agreed to by"], ["Đồng ý lúc", "Agreed to"]);
    match &contract.state {
        State::Requested => {}
        State::Active(signed) => did(agreed.0, agreed.1, signed),
        State::Withdrawn(signed) => did(["Người rút", "Withdrawn by"], ["Rút lúc", "Withdrawn"], signed),
        State::Refused { decided, reason, legal_basis } => {
            did(["Người từ chối", "Refused by"], ["Từ chối lúc", "Refused"], decided);
            facts.push(fact(desk.say("Lý do từ chối", "Reason"), text(reason.clone())));
            facts.push(fact(desk.say("Căn cứ từ chối", "Legal basis"), text(legal_basis.clone())));
        }
        State::Revoked { agreed: signed, ended, reason, replaced_by } => {
            did(agreed.0, agreed.1, signed);
            did(["Người chấm dứt", "Ended by"], ["Chấm dứt lúc", "Ended"], ended);
            match replaced_by {
                Some(other) => {
                    let title = desk.say("Được thay bằng thoả thuận số", "Replaced by contract");
                    facts.push(leading(title, text(other.to_string()), format!("/contracts/{other}")));
                }
                None => facts.push(fact(desk.say("Lý do", "Reason"), text(reason.clone()))),
            }
        }
    }
    facts
}

/// The steward's forms: agree, narrowed as they like, or refuse in writing.
fn decision(desk: &mut Desk<'_>, contract: &Contract, offer: Option<&Offer>) -> Given<Vec<Section>> {
    let Some(offer) = offer else {
        let title = desk.say("Bộ dữ liệu không còn được cung cấp", "The dataset is no longer offered");
        let words = desk.say("Chỉ có thể từ chối đề nghị này.", "This request can only be refused.");
        let gone = Block::Notice(notice(Tone::Warning, title, words));
        return Ok(vec![section("gone", desk.say("Quyết định", "Decision"), vec![gone]), refusal(desk)]);
    };
    let approve = approval(desk, contract, offer)?;
    let title = desk.say("Đồng ý chia sẻ", "Agree");
    let mut blocks = Vec::new();
    for old in replaced(desk.call, contract)? {
        let head = format!("{} {}", desk.say("Thay thoả thuận số", "Takes the place of contract"), old.id);
        let words = desk.say(
            "Thoả thuận đó chấm dứt khi thoả thuận này có hiệu lực.",
            "That contract ends when this one begins.",
        );
        blocks.push(Block::Notice(notice(Tone::Info, head, words)));
    }
    blocks.push(Block::Form(approve));
    Ok(vec![section("approval", title, blocks), refusal(desk)])
}

fn approval(desk: &mut Desk<'_>, contract: &Contract, offer: &Offer) -> Given<Form> {
    let language = desk.language();
    let asked = Terms::asked(contract);
    let known: Vec<_> = contract.fields.iter().filter_map(|name| offer.field(name)).collect();
    let fields = Choices { choices: dataset::choices(desk, &known), style: ChoiceStyle::Automatic };
    let mut choices = Vec::new();
    let below = |units: Vec<_>, depth: usize| units.into_iter().rev().map(move |unit| (unit, depth));
    let mut left: Vec<_> = below(list_all_units(desk.call, None)?, 0).collect();
    while let Some((unit, depth)) = left.pop() {
        // A choice has no levels of its own: dashes that every reader shows.
        choices.push(option(unit.id.to_string(), format!("{}{}", "– ".repeat(depth), unit.name)));
        left.extend(below(list_all_units(desk.call, Some(unit.id))?, depth + 1));
    }
    let needed = known.iter().map(|field| field.label).min().unwrap_or_default();
    let may_be = |label: &Label| (needed..=offer.dataset.label).contains(label);
    let labels = Label::ALL.into_iter().filter(may_be);
    let labels = labels.map(|label| option(label.as_str(), label.name(language))).collect();
    let units = Choices { choices, style: ChoiceStyle::Select };
    let keeps = Keep::ALL.into_iter().filter(|keep| *keep <= asked.keep);
    let keeps = keeps.map(|keep| option(keep.as_str(), words::keep(keep, language))).collect();
    let mut terms = vec![
        field("fields", desk.say("Các trường được đọc", "Fields"), FieldKind::ChoiceList(fields))
            .required()
            .value(Value::Texts(asked.fields.clone())),
        field(
            "units",
            desk.say("Chỉ dữ liệu của các đơn vị", "Only rows of these units"),
            FieldKind::ChoiceList(units),
        )
        .help(desk.say("Để trống: mọi đơn vị.", "Empty: every unit.")),
        choice("label", desk.say("Độ mật cao nhất", "Highest label"), labels)
            .required()
            .help(desk.say(
                "Từ độ mật cao nhất của các trường được chọn đến độ mật của bộ dữ liệu.",
                "From the highest label of the fields chosen to that of the dataset.",
            ))
            .value(text(asked.label.as_str())),
        choice("keep", desk.say("Được lưu giữ", "What may be kept"), keeps)
            .required()
            .value(text(asked.keep.as_str())),
    ];
    if asked.keep == Keep::Copies {
        terms.push(
            date("copies-until", desk.say("Giữ bản sao đến hết ngày", "Copies through"))
                .value(asked.copies_until.map_or(Value::Empty, day)),
        );
    }
    if asked.changes {
        let label = desk.say("Ứng dụng được tự theo dõi thay đổi", "The plugin may follow changes by itself");
        terms.push(field("changes", label, FieldKind::Boolean).value(Value::Boolean(true)));
    }
    let rows = FieldKind::Integer(IntegerRange { minimum: Some(1), maximum: None });
    terms.extend([
        date("from", desk.say("Từ ngày", "From")).required().value(day(asked.from.max(desk.call.today()))),
        date("until", desk.say("Đến hết ngày", "Through")).required().value(day(last_day(asked.until))),
        field("rows", desk.say("Hạn mức bản ghi mỗi ngày", "Rows a day"), rows)
            .help(desk.say("Để trống: không hạn chế.", "Empty: no limit.")),
    ]);
    Ok(form("approve", desk.say("Đồng ý", "Agree"), terms))
}

fn refusal(desk: &Desk<'_>) -> Section {
    let basis = FieldKind::LongText(TextRange { minimum: 0, maximum: 400 });
    let refuse = form(
        "refuse",
        desk.say("Từ chối", "Refuse"),
        vec![
            reason(desk.say("Lý do", "Reason")),
            field("basis", desk.say("Căn cứ pháp lý", "Legal basis"), basis).required().help(desk.say(
                "Từ chối phải bằng văn bản, nêu rõ lý do và căn cứ pháp lý (Nghị định 194/2025, điều 16).",
                "A refusal is in writing, with the reason and the legal basis.",
            )),
        ],
    );
    folded_form("refusal", desk.say("Từ chối bằng văn bản", "Refuse in writing"), refuse)
}

/// What comes back from it.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: ContractId) -> Given<Outcome> {
    if let Some(outcome) = changes::submit(desk, inputs, id)? {
        return Ok(outcome);
    }
    let path = format!("/contracts/{id}");
    match inputs.0.form.as_str() {
        "approve" => {
            let terms = terms(desk, inputs, id)?;
            approve(desk.call, id, terms)?;
            desk.done(path, "Thoả thuận có hiệu lực", "The contract holds")
        }
        "refuse" => {
            refuse(desk.call, id, inputs.text("reason"), inputs.text("basis"))?;
            desk.done(path, "Đã từ chối", "It was refused")
        }
        "withdraw" => {
            withdraw(desk.call, id)?;
            desk.done(path, "Đã rút đề nghị", "The request was withdrawn")
        }
        "revoke" => {
            revoke(desk.call, id, inputs.text("reason"))?;
            desk.done(path, "Đã chấm dứt thoả thuận", "The contract was ended")
        }
        _ => Err(desk.missing()),
    }
}

fn terms(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: ContractId) -> Given<Terms> {
    let asked = Terms::asked(&get_contract(desk.call, id)?);
    let units = inputs.texts("units").iter().map(|unit| unit.parse()).collect::<Result<Vec<UnitId>, _>>();
    let keep: Keep = inputs.parsed("keep")?;
    let next = |day: Option<Date>, other: Date| day.map_or(other, |day| day.tomorrow().unwrap_or(day));
    Ok(Terms {
        fields: inputs.texts("fields").to_vec(),
        units: units.map_err(|_| desk.missing())?,
        label: inputs.parsed::<Label>("label")?,
        keep,
        copies_until: inputs.day("copies-until").filter(|_| keep == Keep::Copies),
        from: inputs.day("from").unwrap_or(asked.from),
        until: next(inputs.day("until"), asked.until),
        rows_a_day: inputs.integer("rows").and_then(|rows| u64::try_from(rows).ok()),
        changes: asked.changes && inputs.is_ticked("changes"),
    })
}

/// The last day on which something holds that no longer does on `until`.
fn last_day(until: Date) -> Date {
    until.yesterday().unwrap_or(until)
}
