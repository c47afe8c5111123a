//! Shared data as people and programs meet it: the register, the life of a contract, rows for systems outside.

use axum::http::StatusCode;
use dinh_model::UnitId;
use dinh_runtime::Install;
use dinh_services::records::{FieldValue, Selection, insert};
use dinh_services::{accounts, sharing};
use serde_json::{Value, json};

use crate::house::{House, ODS, PASSWORD, Visitor, XLSX, component, expect};
use crate::own_account::csrf;

/// `forgetful`, of planning, shares its notes; `leaky`, of the province, wants them. `hoi` asks, `giu` is the steward, `doc`
/// reads with leaky in the whole province.
pub struct Neighbours {
    pub house: House,
    pub planning: UnitId,
}

impl Neighbours {
    pub async fn new() -> Self {
        let house = House::new();
        let planning = house.perform(|call| Ok(accounts::find_unit(call, "skhdt")?.unwrap().id));
        let operator =
            house.platform.origin(dinh_model::Actor::Public, dinh_model::Language::Vi).as_operator();
        house.runtime.install(&component("forgetful"), Install::at(planning), &operator).unwrap();
        house.runtime.install(&component("leaky"), Install::at(house.province), &operator).unwrap();
        for (login, role, unit) in [
            ("hoi", "dinh.sharing-administrator", house.province),
            ("giu", "dinh.steward", planning),
            ("doc", "leaky.reader", house.province),
            ("may", "dinh.data-reader", house.province),
        ] {
            let person = house.person(login, &format!("Người {login}"), unit, false);
            house.give(person, role, unit);
            if login == "may" {
                // Reads in planning only.
                let grants = house.perform(|call| accounts::grants_of(call, person));
                house.perform(|call| accounts::withdraw(call, grants[0].id, "thu hẹp"));
                house.give(person, role, planning);
            }
        }
        let it = Self { house, planning };
        let data = it.house.runtime.plugin(&"forgetful".parse().unwrap()).unwrap().data.clone();
        for (title, weight, unit) in [
            ("Kế hoạch năm", 1, it.planning),
            ("Báo cáo quý", 2, it.planning),
            ("Sổ của tỉnh", 3, it.house.province),
        ] {
            let values = [
                ("title", dinh_model::Value::Text(title.into())),
                ("weight", dinh_model::Value::Integer(weight)),
                ("unit", dinh_model::Value::Unit(unit)),
                ("secrecy", dinh_model::Value::Text("ordinary".into())),
            ];
            it.house.perform(|call| {
                let given = values
                    .iter()
                    .map(|(field, value)| FieldValue { field: (*field).into(), value: value.clone() });
                Ok(insert(call, &data, "notes", given.collect())?)
            });
        }
        it
    }

    /// Asks with a button of the page; the address of the contract.
    pub async fn ask(&self) -> String {
        let mut hoi = self.house.program("hoi").await;
        let body = json!({ "form": "request", "inputs": { "wanted": "leaky/notes" } });
        let asked = hoi.post_json("/apps/dinh/contracts", &body).await;
        expect(&asked, StatusCode::SEE_OTHER);
        asked.location().to_owned()
    }

    pub async fn agree(&self, contract: &str, narrow: Value) -> crate::house::Answer {
        let mut giu = self.house.program("giu").await;
        let mut inputs = json!({
            "fields": ["title", "weight"], "label": "ordinary", "keep": "references",
            "from": "2026-07-01", "until": "2027-06-30",
        });
        for (name, value) in narrow.as_object().unwrap() {
            inputs[name] = value.clone();
        }
        giu.post_json(contract, &json!({ "form": "approve", "inputs": inputs })).await
    }
}

pub async fn page(visitor: &mut Visitor, path: &str) -> String {
    let page = visitor.get(path).await;
    expect(&page, StatusCode::OK);
    page.body
}

#[tokio::test]
async fn a_contract_lives_its_life_in_the_browser() {
    let it = Neighbours::new().await;
    let mut doc = it.house.browser("doc").await;
    assert!(page(&mut doc, "/apps/leaky").await.contains("no contract"));
    // The consumer's administrator finds what the plugin wants, and asks.
    let mut hoi = it.house.browser("hoi").await;
    let wanting = page(&mut hoi, "/apps/dinh/contracts").await;
    assert!(wanting.contains("forgetful/notes") && wanting.contains("Gửi đề nghị chia sẻ"), "{wanting}");
    let contract = it.ask().await;
    assert!(!page(&mut hoi, "/apps/dinh/contracts").await.contains("Gửi đề nghị chia sẻ"), "asked for now");
    // The steward finds it in the inbox, with the clock, and agrees.
    let mut giu = it.house.browser("giu").await;
    let inbox = page(&mut giu, "/apps/dinh/inbox").await;
    assert!(inbox.contains("chờ bạn quyết định") && inbox.contains("03/07/2026"), "{inbox}");
    let shown = page(&mut giu, &contract).await;
    for words in ["Thử nghiệm", "Hai ngày làm việc", "Đồng ý chia sẻ", "Từ chối bằng văn bản"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    expect(&it.agree(&contract, json!({})).await, StatusCode::SEE_OTHER);
    // Whoever may reads; the page says under which contract.
    let read = page(&mut doc, "/apps/leaky").await;
    assert!(read.contains("Kế hoạch năm, Báo cáo quý, Sổ của tỉnh"), "{read}");
    // The steward ends it, with a reason; nothing more is read.
    let mut giu = it.house.program("giu").await;
    let end = json!({ "form": "revoke", "inputs": { "reason": "hết nhu cầu" } });
    expect(&giu.post_json(&contract, &end).await, StatusCode::SEE_OTHER);
    assert!(page(&mut doc, "/apps/leaky").await.contains("no contract"));
    let over = page(&mut hoi, &contract).await;
    assert!(over.contains("Đã chấm dứt") && over.contains("hết nhu cầu"), "{over}");
}

#[tokio::test]
async fn a_refusal_in_writing_is_read_by_whoever_asked() {
    let it = Neighbours::new().await;
    let contract = it.ask().await;
    let mut giu = it.house.program("giu").await;
    let refuse =
        |basis: &str| json!({ "form": "refuse", "inputs": { "reason": "ngoài mục đích", "basis": basis } });
    expect(&giu.post_json(&contract, &refuse("")).await, StatusCode::UNPROCESSABLE_ENTITY);
    expect(&giu.post_json(&contract, &refuse("Luật 91/2025/QH15")).await, StatusCode::SEE_OTHER);
    let shown = page(&mut it.house.browser("hoi").await, &contract).await;
    assert!(shown.contains("ngoài mục đích") && shown.contains("Luật 91/2025/QH15"), "{shown}");
}

#[tokio::test]
async fn what_cannot_be_agreed_to_stays_on_the_form_with_the_reason() {
    let it = Neighbours::new().await;
    let contract = it.ask().await;
    let refused = it.agree(&contract, json!({ "until": "2026-06-30" })).await;
    expect(&refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Thời hạn phải kết thúc sau khi bắt đầu"), "{}", refused.body);
    // Whoever asked finds no form, and a deed made up is refused.
    let mut hoi = it.house.program("hoi").await;
    assert!(!hoi.get(&contract).await.body.contains("Đồng ý chia sẻ"));
    let made_up = json!({ "form": "approve", "inputs": { "fields": ["title"], "label": "ordinary", "keep": "nothing" } });
    let refused = hoi.post_json(&contract, &made_up).await;
    assert!(refused.status >= 400, "{}", refused.body);
}

#[tokio::test]
async fn the_register_is_for_everybody_who_is_signed_in_and_its_public_part_for_all() {
    let it = Neighbours::new().await;
    let shown = page(&mut it.house.browser("hoa").await, "/apps/dinh/datasets").await;
    for words in
        ["Danh mục dữ liệu chia sẻ", "Ghi chép của các đơn vị", "Theo thoả thuận", "Công khai", "Mật"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let one = page(&mut it.house.browser("hoa").await, "/apps/dinh/datasets/forgetful/notes").await;
    assert!(one.contains("Tiêu đề") && one.contains("Thử rò rỉ"), "{one}");
    let names = |register: &Value| -> Vec<String> {
        let all = register["datasets"].as_array().unwrap().iter();
        all.map(|one| format!("{}/{}", one["plugin"].as_str().unwrap(), one["dataset"].as_str().unwrap()))
            .collect()
    };
    let register = it.house.program("hoa").await.get_json("/api/v1/datasets").await;
    expect(&register, StatusCode::OK);
    assert_eq!(names(&register.json()), ["forgetful/notes", "forgetful/titles", "leaky/copies"]);
    let public = it.house.stranger().get_json("/api/v1/datasets").await;
    expect(&public, StatusCode::OK);
    assert_eq!(names(&public.json()), ["forgetful/titles"]);
    let dcat = it.house.stranger().get_json("/api/v1/datasets?format=dcat").await;
    assert_eq!(dcat.header("content-type"), "application/ld+json");
    let dcat = dcat.json();
    assert_eq!(dcat["@type"], "dcat:Catalog");
    let frequency = dcat["dcat:dataset"][0]["dct:accrualPeriodicity"]["@id"].as_str().unwrap();
    assert!(frequency.ends_with("/frequency/DAILY"), "{frequency}");
    assert_eq!(dcat["dcat:dataset"][0]["dct:publisher"]["foaf:name"], "Sở Kế hoạch và Đầu tư");
}

#[tokio::test]
async fn a_public_dataset_is_read_without_signing_in_and_another_is_not() {
    let it = Neighbours::new().await;
    let mut stranger = it.house.stranger();
    let rows = stranger.get_json("/api/v1/datasets/forgetful/titles?order=weight").await;
    expect(&rows, StatusCode::OK);
    assert_eq!(rows.header("content-type"), "application/x-ndjson");
    let rows: Vec<Value> = rows.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let titles: Vec<_> = rows.iter().map(|row| row["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Kế hoạch năm", "Báo cáo quý", "Sổ của tỉnh"]);
    assert_eq!(rows[0].as_object().unwrap().len(), 3, "the identifier and the two fields: {}", rows[0]);
    for hidden in ["/api/v1/datasets/forgetful/notes", "/api/v1/datasets/forgetful/nothing"] {
        assert_eq!(stranger.get_json(hidden).await.status, 401, "{hidden}");
    }
    assert_eq!(stranger.get_json("/api/v1/datasets/nobody/x").await.status, 404);
    let author = stranger.get_json("/api/v1/datasets/forgetful/titles?where=author:is-filled").await;
    expect(&author, StatusCode::BAD_REQUEST);
    assert!(author.body.contains("not a field of the contract"), "{}", author.body);
}

#[tokio::test]
async fn a_system_outside_reads_under_its_contract_within_its_accounts_right() {
    let it = Neighbours::new().await;
    let rows = "/api/v1/datasets/forgetful/notes";
    let mut may = it.house.program("may").await;
    let before = may.get_json(rows).await;
    expect(&before, StatusCode::FORBIDDEN);
    assert!(before.body.contains("Không có thoả thuận đang hiệu lực"), "{}", before.body);
    // Asked for on the dataset's page, for the system's account.
    let may_id = it.house.perform(|call| Ok(accounts::find_account(call, "may")?.unwrap().id));
    let inputs = json!({
        "account": may_id.0, "fields": ["title", "unit"], "purpose": "leaks", "basis": "Thử nghiệm", "keep": "nothing",
    });
    let mut hoi = it.house.program("hoi").await;
    let asked = hoi
        .post_json("/apps/dinh/datasets/forgetful/notes", &json!({ "form": "ask", "inputs": inputs }))
        .await;
    expect(&asked, StatusCode::SEE_OTHER);
    let narrowed = json!({ "fields": ["title", "unit"], "keep": "nothing" });
    expect(&it.agree(asked.location(), narrowed).await, StatusCode::SEE_OTHER);
    // Planning's rows only: that is where the account may read.
    let read = may.get_json(&format!("{rows}?order=title")).await;
    expect(&read, StatusCode::OK);
    let titles: Vec<Value> = read.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        titles.iter().map(|row| row["title"].as_str().unwrap()).collect::<Vec<_>>(),
        ["Báo cáo quý", "Kế hoạch năm"]
    );
    assert_eq!(titles[0]["unit"]["name"], "Sở Kế hoạch và Đầu tư");
    let refused = may.get_json(&format!("{rows}?fields=title,weight")).await;
    expect(&refused, StatusCode::BAD_REQUEST);
    // Each page has its mark and the way to the next.
    let first = may.get_json(&format!("{rows}?order=title&limit=1")).await;
    assert_eq!(first.body.lines().count(), 1);
    let link = first.header("link").to_owned();
    let next = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
    let second = may.get_json(&next).await;
    assert!(second.body.contains("Kế hoạch năm") && second.header("link").is_empty(), "{}", second.body);
    may.headers.push(("if-none-match", first.header("etag").to_owned()));
    let same = may.get_json(&format!("{rows}?order=title&limit=1")).await;
    assert_eq!((same.status, same.body.as_str()), (304, ""));
    may.headers.clear();
    let file = may.get_json(&format!("{rows}?format=csv&order=title")).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<_> = file.body.trim_start_matches('\u{feff}').lines().collect();
    assert!(
        lines[0] == "id,title,unit" && lines[1].ends_with(",Báo cáo quý,Sở Kế hoạch và Đầu tư"),
        "{lines:?}"
    );
    for (format, media) in [("xlsx", XLSX), ("ods", ODS)] {
        let file = may.get_json(&format!("{rows}?format={format}&order=title")).await;
        assert_eq!((file.status, file.header("content-type")), (200, media));
        let page = may.get_json(&format!("{rows}?format={format}&order=title&limit=1")).await;
        assert_eq!(
            (page.sheet().height(), page.header("link").is_empty()),
            (2, false),
            "one row, and the next"
        );
        let sheet: Vec<Vec<String>> =
            file.sheet().rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        let csv: Vec<Vec<&str>> = lines.iter().map(|line| line.split(',').collect()).collect();
        assert_eq!(sheet, csv, "{format}");
    }
    // A program does it with an access token made for that, which opens nothing else.
    let mut browser = it.house.browser("may").await;
    let page = browser.get("/account/tokens").await;
    assert!(page.body.contains("Đọc bộ dữ liệu chia sẻ bằng chương trình"), "{}", page.body);
    let csrf = csrf(&page, "action=\"/account/tokens\"");
    let fields = [
        ("csrf", csrf.as_str()),
        ("action", "make"),
        ("name", "Máy chủ báo cáo"),
        ("scope", "dinh.dataset.read"),
        ("expires", "2026-09-01"),
        ("password", PASSWORD),
    ];
    let made = browser.post("/account/tokens", &fields).await;
    expect(&made, StatusCode::OK);
    let token = made.body.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap();
    let mut program = it.house.stranger();
    program.token = Some(token.to_owned());
    let read = program.get_json(&format!("{rows}?order=title")).await;
    expect(&read, StatusCode::OK);
    assert_eq!(read.body.lines().count(), 2);
    for beyond in ["/apps/dinh", "/account", "/apps/leaky"] {
        expect(&program.get_json(beyond).await, StatusCode::FORBIDDEN);
    }
    // Each read is evidence, and nobody else reads by this contract.
    let evidence = it.house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
    let reads = evidence.iter().filter(|it| it.entry.action == "dataset.read").count();
    assert!(reads >= 5, "{reads}");
    assert_eq!(it.house.program("doc").await.get_json(rows).await.status, 403);
}

#[tokio::test]
async fn a_waiver_is_asked_for_in_the_register_and_decided_by_a_second_person_from_the_inbox() {
    let it = Neighbours::new().await;
    // Planning's plugin manages people's names.
    let forgetful = it.house.runtime.plugin(&"forgetful".parse().unwrap()).unwrap();
    it.house.perform(|call| {
        let mut collections = forgetful.data.collections.clone();
        let mut notes = dinh_model::Collection::clone(&collections[0]);
        notes.fields[0].meaning = Some("person.full-name".into());
        collections[0] = std::sync::Arc::new(notes);
        sharing::declare(call, &forgetful.manifest.id, it.planning, &collections, &[], &[])
    });
    let register = "/apps/dinh/datasets";
    let mut hoi = it.house.browser("hoi").await;
    assert!(
        !page(&mut hoi, register).await.contains("Đề nghị miễn trừ"),
        "not for those who manage no plugins"
    );
    let operator = it.house.person("cai", "Người cài", it.planning, false);
    it.house.give(operator, "dinh.administrator", it.planning);
    it.house.give(operator, "dinh.steward", it.planning);
    let mut cai = it.house.browser("cai").await;
    let form = page(&mut cai, register).await;
    assert!(form.contains("person.full-name") && form.contains("Đề nghị miễn trừ"), "{form}");
    let mut cai = it.house.program("cai").await;
    let ask = |reason: &str| {
        let inputs = json!({ "plugin": "leaky", "meaning": "person.full-name", "reason": reason });
        json!({ "form": "ask-waiver", "inputs": inputs })
    };
    expect(&cai.post_json(register, &ask("")).await, StatusCode::UNPROCESSABLE_ENTITY);
    let asked = cai.post_json(register, &ask("sổ giấy chưa có mã")).await;
    expect(&asked, StatusCode::SEE_OTHER);
    let waiver = asked.location().to_owned();
    // Whoever asked is told that another person decides, and is refused.
    assert!(page(&mut it.house.browser("cai").await, &waiver).await.contains("cần một người khác"));
    let agree = json!({ "form": "approve", "inputs": {} });
    assert!(cai.post_json(&waiver, &agree).await.status >= 400);
    let mut giu = it.house.browser("giu").await;
    let inbox = page(&mut giu, "/apps/dinh/inbox").await;
    assert!(inbox.contains("Đề nghị miễn trừ chờ bạn quyết định") && inbox.contains(&waiver), "{inbox}");
    let shown = page(&mut giu, &waiver).await;
    for words in ["Đồng ý miễn trừ", "Từ chối miễn trừ", "sổ giấy chưa có mã", "Chờ quyết định"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let mut giu = it.house.program("giu").await;
    let refuse = json!({ "form": "refuse", "inputs": { "reason": "đã có bộ dữ liệu" } });
    expect(&giu.post_json(&waiver, &refuse).await, StatusCode::SEE_OTHER);
    assert!(page(&mut hoi, register).await.contains("Đã từ chối"));
    expect(&cai.post_json(register, &ask("người ngoài biên chế")).await, StatusCode::SEE_OTHER);
    expect(&giu.post_json(&waiver, &agree).await, StatusCode::SEE_OTHER);
    let agreed = page(&mut hoi, &waiver).await;
    assert!(agreed.contains("Đã đồng ý") && agreed.contains("Người giu"), "{agreed}");
    assert!(!page(&mut it.house.browser("giu").await, "/apps/dinh/inbox").await.contains(&waiver));
}

/// Posts the form that picks a note, as a browser without JavaScript does.
async fn pick(visitor: &mut Visitor, fields: &[(&str, &str)]) -> crate::house::Answer {
    let page = visitor.get("/apps/leaky/pick").await;
    let hidden = ["csrf", "once", "seal"].map(|name| (name, page.hidden("id=\"pick\"", name)));
    let mut all = vec![("form", "pick")];
    all.extend(hidden.iter().map(|(name, value)| (*name, value.as_str())));
    all.extend(fields);
    visitor.post("/apps/leaky/pick", &all).await
}

#[tokio::test]
async fn a_record_of_a_dataset_is_picked_under_its_contract_and_the_plugin_gets_no_word_of_it() {
    let it = Neighbours::new().await;
    let doc = it.house.perform(|call| Ok(accounts::find_account(call, "doc")?.unwrap().id));
    it.house.give(doc, "leaky.keeper", it.house.province);
    let mut doc = it.house.browser("doc").await;
    let while_typing = |words: &str| format!("/apps/leaky/pick?pick=pick/note&words={words}");
    // Without a contract nothing is found, and the reader is told why.
    let found = doc.get_json(&while_typing("bao")).await.json();
    assert!(found["why"].as_str().unwrap().contains("Chưa có thoả thuận"), "{found}");
    let refused = pick(&mut doc, &[("f.note", ""), ("f.note.words", "báo cáo")]).await;
    expect(&refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Chưa có thoả thuận chia sẻ"), "{}", refused.body);
    let contract = it.ask().await;
    expect(&it.agree(&contract, json!({})).await, StatusCode::SEE_OTHER);
    // While one types: one entry of evidence for each answer, with the ids, the fields and no words.
    let reads = || -> Vec<_> {
        let evidence = it.house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
        evidence.into_iter().map(|it| it.entry).filter(|entry| entry.action == "dataset.read").collect()
    };
    let found = doc.get_json(&while_typing("quy+bao")).await.json();
    assert_eq!((found["candidates"][0]["text"].as_str(), found["why"].as_str()), (Some("Báo cáo quý"), None));
    assert_eq!(found["candidates"][0]["detail"], "2", "the weight, which the contract names");
    let read = reads().pop().unwrap();
    assert_eq!((reads().len(), read.records.len(), read.detail["fields"].as_str()), (1, 1, "title weight"));
    assert_eq!(read.plugin.unwrap().as_str(), "leaky");
    assert!(!format!("{:?}", read.detail).contains("quy bao"));
    let id = found["candidates"][0]["value"].as_str().unwrap();
    // Without JavaScript: the only one that the words find is taken; of several one is chosen.
    let done = pick(&mut doc, &[("f.note", ""), ("f.note.words", "báo cáo")]).await;
    expect(&done, StatusCode::SEE_OTHER);
    assert!(page(&mut doc, "/apps/leaky/pick").await.contains(&format!("picked {id}")));
    let several = pick(&mut doc, &[("f.note", ""), ("f.note.words", "")]).await;
    expect(&several, StatusCode::UNPROCESSABLE_ENTITY);
    let several = pick(&mut doc, &[("f.note", ""), ("f.note.words", "năm")]).await;
    expect(&several, StatusCode::SEE_OTHER);
    let marked = pick(&mut doc, &[("f.note", ""), ("f.note.words", "gì đó"), ("f.note.pick", id)]).await;
    expect(&marked, StatusCode::SEE_OTHER);
    // What is made up is none.
    let made_up = "0198aa00-0000-7000-8000-000000000001";
    let refused = pick(&mut doc, &[("f.note", ""), ("f.note.pick", made_up)]).await;
    expect(&refused, StatusCode::UNPROCESSABLE_ENTITY);
    // A contract that does not give the field shown: nothing is found, and nobody sees its words.
    let mut giu = it.house.program("giu").await;
    let end = json!({ "form": "revoke", "inputs": { "reason": "thu hẹp" } });
    expect(&giu.post_json(&contract, &end).await, StatusCode::SEE_OTHER);
    let narrower = it.ask().await;
    expect(&it.agree(&narrower, json!({ "fields": ["weight"] })).await, StatusCode::SEE_OTHER);
    let found = doc.get_json(&while_typing("bao")).await.json();
    assert_eq!(found["candidates"].as_array().unwrap().len(), 0, "{found}");
}

#[tokio::test]
async fn copies_are_counted_with_their_contract_and_when_its_time_is_over_they_are_a_task() {
    let it = Neighbours::new().await;
    let plugin = |id: &str| it.house.runtime.plugin(&id.parse().unwrap()).unwrap();
    let (leaky, forgetful) = (plugin("leaky"), plugin("forgetful"));
    it.house.perform(|call| {
        let mut wanted = leaky.manifest.wanted.clone();
        wanted[0].keep = dinh_model::Keep::Copies;
        let (data, datasets) = (&leaky.data, &leaky.manifest.datasets);
        sharing::declare(call, &leaky.manifest.id, data.home_unit, &data.collections, datasets, &wanted)
    });
    let doc = it.house.perform(|call| Ok(accounts::find_account(call, "doc")?.unwrap().id));
    it.house.give(doc, "leaky.keeper", it.house.province);
    let contract = it.ask().await;
    let copies = json!({ "keep": "copies", "copies-until": "2026-07-10" });
    expect(&it.agree(&contract, copies).await, StatusCode::SEE_OTHER);
    let mut hoi = it.house.browser("hoi").await;
    assert!(page(&mut hoi, &contract).await.contains("Bản sao đang giữ"));
    // A call of the plugin copies what it read.
    let origin = it.house.platform.origin(dinh_model::Actor::person(doc), dinh_model::Language::Vi);
    let mut call = it.house.platform.begin(&origin).unwrap();
    call.plugin = Some(leaky.manifest.id.clone());
    let consumer =
        sharing::Consumer::Plugin { plugin: leaky.manifest.id.clone(), wanted: "notes".to_owned() };
    let source = sharing::Source::open(&mut call, &consumer).unwrap();
    let titles = Selection { fields: vec!["title".into()], ..Selection::default() };
    sharing::query(&mut call, &source, &forgetful.data, &titles, None, 10).unwrap();
    let copy =
        FieldValue { field: "text".into(), value: dinh_model::Value::Text("Kế hoạch năm".into()) };
    insert(&mut call, &leaky.data, "copies", vec![copy]).unwrap();
    it.house.platform.commit(call).unwrap();
    let held = page(&mut hoi, &contract).await;
    assert!(held.contains("Rò rỉ: Bản sao") && held.contains("10/07/2026"), "{held}");
    assert!(!page(&mut hoi, "/apps/dinh/inbox").await.contains("Bản sao hết hạn giữ"));
    // The day after, whoever may ask for the consumer's unit has a task, and nobody else.
    it.house.clock.advance(10 * 24 * 60);
    let settle = || {
        let data = |id: &dinh_model::PluginId| it.house.runtime.plugin(id).map(|plugin| plugin.data.clone());
        sharing::settle_copies(&it.house.platform, data).unwrap()
    };
    assert_eq!(settle().removed, 0);
    let mut hoi = it.house.browser("hoi").await;
    let inbox = page(&mut hoi, "/apps/dinh/inbox").await;
    assert!(inbox.contains("1 bản ghi phải xoá") && inbox.contains("21/07/2026"), "{inbox}");
    let due = page(&mut hoi, &contract).await;
    assert!(due.contains("đề nghị thoả thuận mới trước ngày 21/07/2026"), "{due}");
    let inbox = page(&mut it.house.browser("giu").await, "/apps/dinh/inbox").await;
    assert!(!inbox.contains("bản ghi phải xoá"), "{inbox}");
    it.house.clock.advance(10 * 24 * 60);
    assert_eq!(settle().removed, 1);
    let mut hoi = it.house.browser("hoi").await;
    assert!(!page(&mut hoi, "/apps/dinh/inbox").await.contains("bản ghi phải xoá"));
}
